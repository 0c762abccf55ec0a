namespace Ramet.Qcow2;

// Bit  0 -  8  reserved
//      9 - 63  offset of the refcount block, cluster aligned; 0: every cluster it would count has the count 0

/// <summary>An entry of the refcount table.</summary>
internal readonly record struct RefcountTableEntry(ulong Raw)
{
    internal const ulong OffsetMask = 0xFFFF_FFFF_FFFF_FE00;

    public ulong BlockOffset => Raw & OffsetMask;
}
