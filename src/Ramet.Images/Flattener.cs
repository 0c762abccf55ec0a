using Ramet.Block;
using Ramet.Qcow2;

namespace Ramet.Images;

/// <summary>The image that a chain is flattened into.</summary>
/// <param name="Path">A name that is free.</param>
/// <param name="Format">Its format.</param>
/// <param name="Identity">Stored in a qcow2 image; not used for raw.</param>
/// <param name="ClusterBits">log2 of a qcow2 image's cluster size.</param>
public sealed record FlattenTarget(string Path, ImageFormat Format, LayerIdentity? Identity = null, int ClusterBits = 16);

/// <summary>Writes what a chain shows to a new image that depends on nothing.</summary>
public static class Flattener
{
    private const int BufferSize = 2 << 20;

    /// <summary>
    /// Flattens; the image appears under its name when it is whole and durable. Holes and zeros are not written, nor are
    /// zeros that the chain stores as data.
    /// </summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.AlreadyExists"/>, <see cref="BlockErrorKind.NoSpace"/>, and what reading reports. Nothing is left behind.</exception>
    public static void Flatten(IBlockDevice chain, FlattenTarget target, IProgress<BlockProgress>? progress = null, CancellationToken cancel = default)
    {
        using var file = TemporaryFile.Create(target.Path);
        if (target.Format == ImageFormat.Raw)
        {
            Pump(chain, 4096, (offset, content) => ZeroRuns.WriteData(file.File, offset, content), progress, cancel);
            file.File.SetLength(chain.Length);
        }
        else
        {
            var writer = new SequentialWriter(file.File, new ClusterGeometry(target.ClusterBits, ExtendedL2: false, RefcountOrder: 4), chain.Length + 511 & ~511L);
            Pump(chain, writer.ClusterSize, (offset, content) => WriteClusters(writer, offset, content), progress, cancel);
            writer.Finish(target.Identity);
        }

        file.Publish();
    }

    private delegate void Sink(long offset, Span<byte> content);

    /// <summary>Reads everything that is not a hole or zero, in pieces that begin and end on the unit; a piece beyond the end is padded with zeros.</summary>
    private static void Pump(IBlockDevice chain, int unit, Sink sink, IProgress<BlockProgress>? progress, CancellationToken cancel)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(Math.Max(BufferSize, unit));
        long done = 0;
        foreach (var extent in ExtentWalk.Over(chain))
        {
            if (extent.Kind != ExtentKind.Data)
                continue;
            var end = (extent.End + unit - 1) / unit * unit;
            for (var at = Math.Max(done, extent.Offset / unit * unit); at < end;)
            {
                cancel.ThrowIfCancellationRequested();
                var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at));
                var inside = (int)Math.Min(piece.Length, chain.Length - at);
                chain.Read(at, piece[..inside]);
                piece[inside..].Clear();
                sink(at, piece);
                at += piece.Length;
                done = at;
                progress?.Report(new BlockProgress(Math.Min(at, chain.Length), chain.Length));
            }
        }

        progress?.Report(new BlockProgress(chain.Length, chain.Length));
    }

    private static void WriteClusters(SequentialWriter writer, long offset, ReadOnlySpan<byte> content)
    {
        for (var at = 0; at < content.Length;)
        {
            var start = at;
            while (at < content.Length && !ZeroRuns.IsZero(content.Slice(at, writer.ClusterSize)))
                at += writer.ClusterSize;
            if (at > start)
                writer.Write(offset + start, content[start..at]);
            else
                at += writer.ClusterSize;
        }
    }
}
