using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>Guest offset to host offset, through L1 and L2, one run at a time. Thread-safe.</summary>
internal sealed class ClusterMap(RawFile file, Qcow2Header header, ulong[] l1, Qcow2OpenOptions options)
{
    private readonly ClusterGeometry _g = header.Geometry;
    private readonly L2Cache _tables = new(file, header.Geometry, options.L2CacheBytes);

    /// <summary>The run that starts at a guest offset, as long as one L2 table tells, at most <paramref name="limit"/> bytes.</summary>
    public ClusterRun Resolve(long offset, long limit)
    {
        var guest = new GuestOffset(offset);
        var l1Index = guest.L1Index(_g);
        var toEnd = guest.ToL2End(_g);
        var l2Offset = new L1Entry(l1[l1Index]).L2Offset;
        if (l2Offset == 0)
        {
            // Empty stretches of a large disk are skipped a whole L2 table at a time.
            while (toEnd < limit && ++l1Index < l1.Length && new L1Entry(l1[l1Index]).L2Offset == 0)
                toEnd += _g.L2Coverage;
            return new ClusterRun(ClusterRunKind.Unallocated, Math.Min(toEnd, limit));
        }

        if (!_g.IsAligned(l2Offset))
            throw Malformed($"L1 entry {l1Index} points to {l2Offset}, which is not a cluster", header.L1Offset + l1Index * 8L);
        var table = _tables.Get(l2Offset);
        limit = Math.Min(limit, toEnd);
        var first = Unit(table, l2Offset, guest);
        if (first.Kind == ClusterRunKind.Compressed)
            return first with { Length = Math.Min(limit, first.Length) };
        var length = first.Length;
        while (length < limit)
        {
            var next = Unit(table, l2Offset, new GuestOffset(offset + length));
            if (next.Kind != first.Kind || first.Kind == ClusterRunKind.Data && (next.HostOffset != first.HostOffset + length || next.Entry.Copied != first.Entry.Copied))
                break;
            length += next.Length;
        }

        return first with { Length = Math.Min(length, limit) };
    }

    /// <summary>The rest of the cluster, or subcluster, that holds a guest offset.</summary>
    private ClusterRun Unit(ulong[] table, long tableOffset, GuestOffset guest)
    {
        var index = guest.L2Index(_g);
        var inCluster = guest.InCluster(_g);
        var entry = new L2Entry(table[_g.ExtendedL2 ? index * 2 : index]);
        if (entry.Compressed)
        {
            if (header.HasExternalData)
                throw Malformed("a compressed cluster in an image with an external data file", tableOffset + (long)index * _g.L2EntrySize);
            return new ClusterRun(ClusterRunKind.Compressed, _g.ClusterSize - inCluster, 0, entry);
        }

        var host = entry.HostOffset;
        if (!_g.IsAligned(host))
            throw Malformed($"L2 entry {index} points to {host}, which is not a cluster", tableOffset + (long)index * _g.L2EntrySize);

        // In an external data file offset 0 is a cluster like any other; COPIED tells it from "unallocated".
        var hasHost = host != 0 || header.HasExternalData && entry.Copied;
        var unitSize = 1 << _g.UnitBits;
        var length = unitSize - (inCluster & (unitSize - 1));
        if (_g.ExtendedL2)
        {
            var bitmap = new SubclusterBitmap(table[index * 2 + 1]);
            var subcluster = guest.Subcluster(_g);
            if (entry.Zero || bitmap.IsContradictory || bitmap.Allocated != 0 && !hasHost)
                throw Malformed($"L2 entry {index} has a contradictory subcluster bitmap", tableOffset + index * 16L);
            if (bitmap.IsZero(subcluster))
                return new ClusterRun(ClusterRunKind.Zero, length, 0, entry);
            return bitmap.IsAllocated(subcluster)
                ? new ClusterRun(ClusterRunKind.Data, length, host + inCluster, entry)
                : new ClusterRun(ClusterRunKind.Unallocated, length, 0, entry);
        }

        if (entry.Zero)
            return header.Version >= 3
                ? new ClusterRun(ClusterRunKind.Zero, length, 0, entry)
                : throw Malformed($"L2 entry {index} has the zero flag, which version 2 does not know", tableOffset + index * 8L);
        return hasHost
            ? new ClusterRun(ClusterRunKind.Data, length, host + inCluster, entry)
            : new ClusterRun(ClusterRunKind.Unallocated, length, 0, entry);
    }

    private BlockException Malformed(string detail, long at) => new(BlockErrorKind.Malformed, "map", file.Path, detail, at);
}
