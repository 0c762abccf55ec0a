using System.Buffers.Binary;
using Ramet.Block;

namespace Ramet.Qcow2;

// An image that maps nothing: header | refcount table | refcount blocks | L1 table, each starting on a cluster. Only the bytes that are
// not zero are written, so of each cluster one page is allocated; the L1 table is all zeros and stays a hole. With 64 KiB clusters that is
// three pages, 12 KiB, whatever the virtual size. qemu-img writes the same clusters in full.

/// <summary>Where the metadata of an empty image goes.</summary>
internal sealed class EmptyImage
{
    private readonly ClusterGeometry _geometry;
    private readonly long _virtualSize;
    private readonly int _l1Entries;
    private readonly int _refcountTableClusters;
    private readonly int _refcountBlocks;

    public EmptyImage(ClusterGeometry geometry, long virtualSize, string path)
    {
        geometry.Validate("create", path);
        var l1Entries = geometry.L1EntriesFor(virtualSize);
        if (virtualSize < 0 || l1Entries * 8 > ClusterGeometry.MaxL1Bytes)
            throw new BlockException(BlockErrorKind.OverBudget, "create", path, $"{virtualSize} bytes need a larger L1 table than QEMU opens; use larger clusters");
        _geometry = geometry;
        _virtualSize = virtualSize;
        _l1Entries = (int)l1Entries;
        var l1Clusters = geometry.ClustersFor(l1Entries * 8);

        // The refcount blocks count themselves and the table that lists them: grow until they do.
        long blocks = 1, table = 1;
        while (true)
        {
            TotalClusters = 1 + table + blocks + l1Clusters;
            var needBlocks = (TotalClusters + geometry.RefcountsPerBlock - 1) / geometry.RefcountsPerBlock;
            var needTable = geometry.ClustersFor(needBlocks * 8);
            if (needBlocks <= blocks && needTable <= table)
                break;
            (blocks, table) = (needBlocks, needTable);
        }

        _refcountBlocks = (int)blocks;
        _refcountTableClusters = (int)table;
    }

    public long TotalClusters { get; private set; }

    public Qcow2Header Header => new()
    {
        Geometry = _geometry,
        VirtualSize = _virtualSize,
        L1Entries = _l1Entries,
        // QEMU wants a place for the L1 table even when it has no entries.
        L1Offset = (1L + _refcountTableClusters + _refcountBlocks) << _geometry.ClusterBits,
        RefcountTableOffset = _geometry.ClusterSize,
        RefcountTableClusters = _refcountTableClusters,
        Incompatible = _geometry.ExtendedL2 ? IncompatibleFeatures.ExtendedL2 : 0,
    };

    /// <summary>Writes the refcounts and sets the file's length; the header is the caller's, and comes after.</summary>
    public void WriteRefcounts(RawFile file)
    {
        // First the length: writes inside it spare the file system a size update each.
        file.SetLength(TotalClusters << _geometry.ClusterBits);
        var firstBlock = (1L + _refcountTableClusters) << _geometry.ClusterBits;
        var table = new byte[_refcountBlocks * 8];
        for (var i = 0; i < _refcountBlocks; i++)
            BinaryPrimitives.WriteInt64BigEndian(table.AsSpan(i * 8), firstBlock + ((long)i << _geometry.ClusterBits));
        file.Write(_geometry.ClusterSize, table);

        for (var i = 0; i < _refcountBlocks; i++)
        {
            var count = (int)Math.Min(_geometry.RefcountsPerBlock, TotalClusters - i * _geometry.RefcountsPerBlock);
            file.Write(firstBlock + ((long)i << _geometry.ClusterBits), Ones(count, _geometry.RefcountOrder));
        }

    }

    /// <summary>So many counts of one, and nothing after them.</summary>
    internal static byte[] Ones(int count, int refcountOrder)
    {
        var bytes = new byte[((long)count << refcountOrder) + 7 >> 3];
        for (var i = 0; i < count; i++)
            RefcountBlock.Set(bytes, refcountOrder, i, 1);
        return bytes;
    }
}
