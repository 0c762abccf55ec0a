namespace Ramet.Qcow2;

// Bit  0 -  8  reserved
//      9 - 55  offset of the L2 table, cluster aligned; 0: everything it would map is unallocated
//     56 - 62  reserved
//          63  COPIED: the L2 table's reference count is one

/// <summary>An L1 table entry.</summary>
internal readonly record struct L1Entry(ulong Raw)
{
    internal const ulong OffsetMask = 0x00FF_FFFF_FFFF_FE00;
    internal const ulong CopiedFlag = 1UL << 63;

    public long L2Offset => (long)(Raw & OffsetMask);

    public bool Copied => (Raw & CopiedFlag) != 0;

    public bool HasReservedBits => (Raw & ~(OffsetMask | CopiedFlag)) != 0;

    public static L1Entry To(long l2Offset) => new((ulong)l2Offset | CopiedFlag);
}
