using System.Buffers.Binary;
using Ramet.Block;

namespace Ramet.Qcow2;

// Layout: header | L1 table | data clusters and L2 tables in the order they fill | refcount blocks | refcount table.
// Nothing refers to anything that is not written yet except the header, which is written last; the file is under a temporary name until then.
// Clusters arrive in ascending order, so one L2 table at a time is enough memory for any size.

/// <summary>Writes a new, independent qcow2 image from front to back. Clusters that are never written read as zeros.</summary>
public sealed class SequentialWriter
{
    private readonly RawFile _file;
    private readonly ClusterGeometry _g;
    private readonly long _virtualSize;
    private readonly byte[] _l1;
    private readonly byte[] _l2;
    private int _l2Index = -1;
    private long _nextGuest;
    private long _next;

    /// <param name="file">A new, empty file; the caller's to flush and close.</param>
    /// <param name="geometry">Layout of the image.</param>
    /// <param name="virtualSize">Size in bytes, a multiple of 512.</param>
    public SequentialWriter(RawFile file, ClusterGeometry geometry, long virtualSize)
    {
        geometry.Validate("create", file.Path);
        var l1Bytes = geometry.L1EntriesFor(virtualSize) * 8;
        if (l1Bytes > ClusterGeometry.MaxL1Bytes)
            throw new BlockException(BlockErrorKind.OverBudget, "create", file.Path, $"{virtualSize} bytes need a larger L1 table than QEMU opens; use larger clusters");
        (_file, _g, _virtualSize) = (file, geometry, virtualSize);
        _l1 = new byte[l1Bytes];
        _l2 = new byte[geometry.ClusterSize];
        _next = 1 + geometry.ClustersFor(l1Bytes);
    }

    /// <summary>The unit of <see cref="Write"/>.</summary>
    public int ClusterSize => _g.ClusterSize;

    /// <summary>Stores whole clusters at a cluster-aligned guest offset behind everything written so far; the last cluster of the disk is padded by the caller.</summary>
    public void Write(long guestOffset, ReadOnlySpan<byte> clusters)
    {
        if (guestOffset < _nextGuest || !_g.IsAligned(guestOffset) || !_g.IsAligned(clusters.Length))
            throw new ArgumentException("clusters must be whole, aligned and in ascending order", nameof(guestOffset));
        while (clusters.Length > 0)
        {
            var guest = new GuestOffset(guestOffset);
            if (guest.L1Index(_g) != _l2Index)
            {
                FlushL2();
                _l2Index = guest.L1Index(_g);
            }

            var count = (int)Math.Min(clusters.Length, guest.ToL2End(_g));
            var host = _next << _g.ClusterBits;
            _file.Write(host, clusters[..count]);
            for (var at = 0; at < count; at += _g.ClusterSize)
            {
                var entry = _l2.AsSpan(new GuestOffset(guestOffset + at).L2Index(_g) * _g.L2EntrySize);
                BinaryPrimitives.WriteUInt64BigEndian(entry, L2Entry.To(host + at).Raw);
                if (_g.ExtendedL2)
                    BinaryPrimitives.WriteUInt64BigEndian(entry[8..], SubclusterBitmap.AllAllocated.Raw);
            }

            _next += count >> _g.ClusterBits;
            guestOffset += count;
            clusters = clusters[count..];
        }

        _nextGuest = guestOffset;
    }

    /// <summary>Writes the tables and the header. The content is durable after the file is flushed.</summary>
    public void Finish(LayerIdentity? identity = null)
    {
        FlushL2();
        var first = _next;
        long blocks = 0, table = 0;
        while (true)
        {
            var needBlocks = (first + blocks + table + _g.RefcountsPerBlock - 1) / _g.RefcountsPerBlock;
            var needTable = _g.ClustersFor(needBlocks * 8);
            if (needBlocks <= blocks && needTable <= table)
                break;
            (blocks, table) = (needBlocks, needTable);
        }

        var total = first + blocks + table;
        _file.SetLength(total << _g.ClusterBits);
        var entries = new byte[blocks * 8];
        var full = EmptyImage.Ones((int)Math.Min(_g.RefcountsPerBlock, total), _g.RefcountOrder);
        for (long i = 0; i < blocks; i++)
        {
            var offset = (first + i) << _g.ClusterBits;
            var count = Math.Min(_g.RefcountsPerBlock, total - i * _g.RefcountsPerBlock);
            _file.Write(offset, count == _g.RefcountsPerBlock ? full : EmptyImage.Ones((int)count, _g.RefcountOrder));
            BinaryPrimitives.WriteInt64BigEndian(entries.AsSpan((int)i * 8), offset);
        }

        _file.Write((first + blocks) << _g.ClusterBits, entries);
        if (_l1.AsSpan().ContainsAnyExcept((byte)0))
            _file.Write(_g.ClusterSize, _l1);
        var header = new Qcow2Header
        {
            Geometry = _g,
            VirtualSize = _virtualSize,
            L1Entries = _l1.Length / 8,
            L1Offset = _g.ClusterSize,
            RefcountTableOffset = (first + blocks) << _g.ClusterBits,
            RefcountTableClusters = (int)table,
            Incompatible = _g.ExtendedL2 ? IncompatibleFeatures.ExtendedL2 : 0,
        };
        _file.Write(0, HeaderArea.Compose(header, default, identity is null ? [] : [identity.ToExtension(_file.Path)], null, _file.Path));
    }

    private void FlushL2()
    {
        if (_l2Index < 0)
            return;
        var offset = _next++ << _g.ClusterBits;
        _file.Write(offset, _l2);
        BinaryPrimitives.WriteUInt64BigEndian(_l1.AsSpan(_l2Index * 8), L1Entry.To(offset).Raw);
        _l2.AsSpan().Clear();
        _l2Index = -1;
    }
}
