namespace Ramet.Qcow2;

// Bit  0 - 61  descriptor
//          62  compressed
//          63  COPIED: the cluster's reference count is one
// Standard descriptor:
// Bit       0  reads as zeros (version 3, and not with extended entries)
//      1 -  8  reserved
//      9 - 55  host cluster offset; 0: unallocated
//     56 - 61  reserved

/// <summary>An L2 table entry, without the subcluster bitmap that follows it in extended tables.</summary>
internal readonly record struct L2Entry(ulong Raw)
{
    internal const ulong OffsetMask = 0x00FF_FFFF_FFFF_FE00;
    internal const ulong CopiedFlag = 1UL << 63;
    internal const ulong CompressedFlag = 1UL << 62;
    internal const ulong ZeroFlag = 1;

    public bool Compressed => (Raw & CompressedFlag) != 0;

    public bool Copied => (Raw & CopiedFlag) != 0;

    public bool Zero => (Raw & ZeroFlag) != 0;

    public long HostOffset => (long)(Raw & OffsetMask);

    public static L2Entry To(long hostOffset) => new((ulong)hostOffset | CopiedFlag);
}
