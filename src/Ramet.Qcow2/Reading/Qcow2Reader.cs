using System.Buffers;
using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>
/// A qcow2 layer over its backing, read only: standard, zero, compressed clusters and subclusters, versions 2 and 3. Thread-safe.
/// </summary>
/// <remarks>
/// The map of a layer that another process writes is not followed: open such a layer anew, or not at all.
/// The backing is what the caller passes; the name in the header is only reported.
/// </remarks>
public sealed class Qcow2Reader : IBlockDevice, IExtentMap
{
    private readonly RawFile _file;
    private readonly RawFile _data;
    private readonly IBlockDevice? _backing;
    private readonly ClusterMap _map;
    private Decompressed? _last;

    private Qcow2Reader(RawFile file, HeaderArea area, ulong[] l1, Qcow2OpenOptions options)
    {
        _file = file;
        _data = options.DataFile ?? file;
        _backing = options.Backing;
        Area = area;
        _map = new ClusterMap(file, area.Header, l1, options);
    }

    /// <summary>What the first cluster holds.</summary>
    public HeaderArea Area { get; }

    public Qcow2Header Header => Area.Header;

    /// <summary>The virtual size.</summary>
    public long Length => Header.VirtualSize;

    /// <summary>Opens a layer; takes over the file, which is closed with the layer, or at once when this fails.</summary>
    /// <exception cref="BlockException">
    /// <see cref="BlockErrorKind.DataFileRefused"/> when the image has an external data file that the options do not give;
    /// any of the kinds of <see cref="Qcow2Header.Read"/>; <see cref="BlockErrorKind.Truncated"/>.
    /// </exception>
    public static Qcow2Reader Open(RawFile file, Qcow2OpenOptions? options = null)
    {
        options ??= new Qcow2OpenOptions();
        try
        {
            var area = HeaderArea.Read(file);
            var header = area.Header;
            if (header.HasExternalData && options.DataFile is null)
                throw new BlockException(BlockErrorKind.DataFileRefused, "open", file.Path, $"the image keeps its data in another file ({area.DataFileName ?? "unnamed"})");
            if (header.FirstBeyond(file.Length) is var (field, name))
                throw new BlockException(BlockErrorKind.Truncated, "open", file.Path, $"{name} lies beyond the end of the file at {file.Length}", field);
            var l1 = TableIo.Read(file, header.L1Offset, header.L1Entries);
            return new Qcow2Reader(file, area, l1, header.HasExternalData ? options : options with { DataFile = null });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > Length - buffer.Length)
            throw new BlockException(BlockErrorKind.OutOfRange, "read", _file.Path, $"{buffer.Length} bytes wanted, the disk has {Length}", offset);
        while (buffer.Length > 0)
        {
            var run = _map.Resolve(offset, buffer.Length);
            var part = buffer[..(int)run.Length];
            switch (run.Kind)
            {
                case ClusterRunKind.Data:
                    ReadData(run.HostOffset, part);
                    break;
                case ClusterRunKind.Compressed:
                    ReadCompressed(run.Entry, offset, part);
                    break;
                case ClusterRunKind.Unallocated when _backing is not null:
                    ReadBacking(_backing, offset, part);
                    break;
                default:
                    part.Clear();
                    break;
            }

            offset += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    /// <summary>The extent of the chain: this layer over its backing. A hole is a hole in every layer.</summary>
    public Extent GetExtent(long offset)
    {
        var own = GetLayerExtent(offset);
        if (own.Kind != ExtentKind.Hole || _backing is null)
            return own;
        if (offset >= _backing.Length)
            return own;
        var below = _backing is IExtentMap map ? map.GetExtent(offset) : new Extent(offset, _backing.Length - offset, ExtentKind.Data);
        return below with { Length = Math.Min(own.Length, below.Length) };
    }

    /// <summary>The extent of this layer alone: a hole shows the backing.</summary>
    public Extent GetLayerExtent(long offset)
    {
        var run = ResolveRun(offset);
        return new Extent(offset, run.Length, run.Kind switch
        {
            ClusterRunKind.Unallocated => ExtentKind.Hole,
            ClusterRunKind.Zero => ExtentKind.Zero,
            _ => ExtentKind.Data,
        });
    }

    /// <summary>Sums up this layer's own map, in guest bytes: stored, zero, and stored in clusters that an internal snapshot shares.</summary>
    public void MeasureLayer(out long data, out long zero, out long shared, CancellationToken cancel = default)
    {
        (data, zero, shared) = (0, 0, 0);
        for (long at = 0; at < Length;)
        {
            cancel.ThrowIfCancellationRequested();
            var run = ResolveRun(at);
            if (run.Kind == ClusterRunKind.Zero)
                zero += run.Length;
            else if (run.Kind != ClusterRunKind.Unallocated)
                data += run.Length;

            // COPIED tells unshared clusters apart; compressed ones never have it, so they cannot be told.
            if (run.Kind == ClusterRunKind.Data && !run.Entry.Copied && !Header.HasExternalData)
                shared += run.Length;
            at += run.Length;
        }
    }

    internal ClusterRun ResolveRun(long offset) => offset >= 0 && offset < Length
        ? _map.Resolve(offset, Length - offset)
        : throw new BlockException(BlockErrorKind.OutOfRange, "map", _file.Path, $"the disk has {Length} bytes", offset);

    public void Dispose() => _file.Dispose();

    private void ReadData(long hostOffset, Span<byte> part)
    {
        if (_data.ReadUpTo(hostOffset, part) != part.Length)
            throw new BlockException(BlockErrorKind.Truncated, "read", _data.Path, $"a cluster lies beyond the end of the file at {_data.Length}", hostOffset);
    }

    /// <summary>Beyond the end of a shorter backing there are zeros.</summary>
    private static void ReadBacking(IBlockDevice backing, long offset, Span<byte> part)
    {
        var inside = (int)Math.Clamp(backing.Length - offset, 0, part.Length);
        if (inside > 0)
            backing.Read(offset, part[..inside]);
        part[inside..].Clear();
    }

    private void ReadCompressed(L2Entry entry, long offset, Span<byte> part)
    {
        var inCluster = new GuestOffset(offset).InCluster(Header.Geometry);
        var last = Volatile.Read(ref _last);
        if (last?.Entry != entry)
        {
            var cluster = GC.AllocateUninitializedArray<byte>(Header.Geometry.ClusterSize);
            Decompress(CompressedDescriptor.From(entry, Header.Geometry.ClusterBits), cluster);
            last = new Decompressed(entry, cluster);
            Volatile.Write(ref _last, last);
        }

        last.Cluster.AsSpan(inCluster, part.Length).CopyTo(part);
    }

    private void Decompress(CompressedDescriptor stored, byte[] cluster)
    {
        var input = ArrayPool<byte>.Shared.Rent(stored.Length);
        try
        {
            // The last sector may be cut off by the end of the file; the data ends before.
            var length = _file.ReadUpTo(stored.HostOffset, input.AsSpan(0, stored.Length));
            if (length == 0)
                throw new BlockException(BlockErrorKind.Truncated, "read", _file.Path, "a compressed cluster lies beyond the end of the file", stored.HostOffset);
            if (!ClusterDecompressor.TryDecompress(Header.Compression, input, length, cluster))
                throw new BlockException(BlockErrorKind.Malformed, "read", _file.Path, "a compressed cluster is damaged", stored.HostOffset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    /// <summary>The cluster decompressed last: sequential readers come in pieces smaller than a cluster.</summary>
    private sealed record Decompressed(L2Entry Entry, byte[] Cluster);
}
