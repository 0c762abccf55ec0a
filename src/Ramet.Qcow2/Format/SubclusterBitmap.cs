namespace Ramet.Qcow2;

// Bit  0 - 31  allocation: subcluster n has data in the host cluster
//     32 - 63  subcluster n reads as zeros; exclusive with its allocation bit

/// <summary>The second half of an extended L2 entry. Without meaning for compressed clusters.</summary>
internal readonly record struct SubclusterBitmap(ulong Raw)
{
    /// <summary>Every subcluster has data.</summary>
    public static readonly SubclusterBitmap AllAllocated = new(0xFFFF_FFFF);

    public uint Allocated => (uint)Raw;

    public uint Zeroed => (uint)(Raw >> 32);

    public bool IsContradictory => (Allocated & Zeroed) != 0;

    public bool IsAllocated(int subcluster) => (Allocated >> subcluster & 1) != 0;

    public bool IsZero(int subcluster) => (Zeroed >> subcluster & 1) != 0;
}
