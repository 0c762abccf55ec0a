using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>The sizes that follow from a header: everything that address arithmetic needs.</summary>
/// <param name="ClusterBits">log2 of the cluster size: 9 (512 B) to 21 (2 MiB).</param>
/// <param name="ExtendedL2">16-byte L2 entries with 32 subclusters a cluster; needs at least 16 KiB clusters.</param>
/// <param name="RefcountOrder">log2 of the width of a reference count in bits: 0 to 6.</param>
public readonly record struct ClusterGeometry(int ClusterBits, bool ExtendedL2, int RefcountOrder)
{
    public const int MinClusterBits = 9;
    public const int MaxClusterBits = 21;
    public const int MinExtendedClusterBits = 14;
    public const int MaxRefcountOrder = 6;
    public const int SubclustersPerCluster = 32;

    /// <summary>Largest L1 table in bytes; QEMU's bound (block/qcow2.h QCOW_MAX_L1_SIZE), so that nobody makes images it refuses.</summary>
    public const int MaxL1Bytes = 32 << 20;

    /// <summary>Largest refcount table in bytes (QCOW_MAX_REFTABLE_SIZE).</summary>
    public const int MaxRefcountTableBytes = 8 << 20;

    public int ClusterSize => 1 << ClusterBits;

    public int L2EntrySize => ExtendedL2 ? 16 : 8;

    /// <summary>log2 of the number of entries in an L2 table.</summary>
    public int L2Bits => ClusterBits - (ExtendedL2 ? 4 : 3);

    public int L2Entries => 1 << L2Bits;

    /// <summary>Guest bytes that one L2 table maps.</summary>
    public long L2Coverage => 1L << (ClusterBits + L2Bits);

    /// <summary>The unit of allocation status: a subcluster, or a cluster where there are none.</summary>
    public int UnitBits => ExtendedL2 ? ClusterBits - 5 : ClusterBits;

    public int RefcountBits => 1 << RefcountOrder;

    /// <summary>Reference counts in one refcount block.</summary>
    public long RefcountsPerBlock => (long)ClusterSize * 8 >> RefcountOrder;

    /// <summary>Clusters needed for so many bytes.</summary>
    public long ClustersFor(long bytes) => (bytes + ClusterSize - 1) >> ClusterBits;

    /// <summary>L1 entries needed for a disk of this size.</summary>
    public long L1EntriesFor(long virtualSize) =>
        virtualSize / L2Coverage + (virtualSize % L2Coverage == 0 ? 0 : 1);

    public bool IsAligned(long offset) => (offset & (ClusterSize - 1)) == 0;

    /// <summary>Refuses sizes the format does not have.</summary>
    internal void Validate(string operation, string path)
    {
        if (ClusterBits is < MinClusterBits or > MaxClusterBits)
            throw new BlockException(BlockErrorKind.Malformed, operation, path, $"cluster_bits is {ClusterBits}, not {MinClusterBits} to {MaxClusterBits}", 20);
        if (ExtendedL2 && ClusterBits < MinExtendedClusterBits)
            throw new BlockException(BlockErrorKind.Malformed, operation, path, "extended L2 entries need clusters of at least 16 KiB", 20);
        if (RefcountOrder is < 0 or > MaxRefcountOrder)
            throw new BlockException(BlockErrorKind.Malformed, operation, path, $"refcount_order is {RefcountOrder}, not 0 to {MaxRefcountOrder}", 96);
    }
}
