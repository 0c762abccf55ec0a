using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Ramet.Block;

namespace Ramet.Images;

// The file is taken in windows of blocks. Within a window the workers read, hash and (for a copy) write blocks independently; between
// windows the block hashes are fed to the outer hash in order. Blocks without data, found by the extent map, are never touched.

/// <summary>One pass over a file by 1 MiB blocks: digests it and, when there is a target, copies it without its zeros.</summary>
internal static class BlockPass
{
    private const int Block = LayerDigest.BlockSize;
    private const int Window = 64;
    private static readonly byte[] ZeroHash = SHA256.HashData(new byte[Block]);

    public static LayerDigest Run(RawFile source, RawFile? target, IProgress<BlockProgress>? progress, CancellationToken cancel)
    {
        using var outer = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = source.Length;
        var blocks = (length + Block - 1) / Block;
        var hashes = new byte[Window * SHA256.HashSizeInBytes];
        var pending = new List<int>(Window);
        using var extents = ExtentWalk.Over(source).GetEnumerator();
        var more = extents.MoveNext();
        for (long first = 0; first < blocks; first += Window)
        {
            cancel.ThrowIfCancellationRequested();
            var count = (int)Math.Min(Window, blocks - first);
            pending.Clear();
            for (var i = 0; i < count; i++)
            {
                var start = (first + i) * Block;
                var end = Math.Min(start + Block, length);
                var data = false;
                while (more && extents.Current.Offset < end)
                {
                    data |= extents.Current.Kind == ExtentKind.Data && extents.Current.End > start;
                    if (extents.Current.End > end)
                        break;
                    more = extents.MoveNext();
                }

                if (data || end - start < Block)
                    pending.Add(i);
                else
                    ZeroHash.CopyTo(Hash(hashes, i));
            }

            try
            {
                Parallel.ForEach(pending, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount },
                    i => One(source, target, (first + i) * Block, Hash(hashes, i)));
            }
            catch (AggregateException e)
            {
                // What one worker met says it all; callers match its kind.
                ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            }

            outer.AppendData(hashes, 0, count * SHA256.HashSizeInBytes);
            progress?.Report(new BlockProgress(Math.Min((first + count) * Block, length), length));
        }

        target?.SetLength(length);
        return LayerDigest.From(outer);
    }

    private static void One(RawFile source, RawFile? target, long offset, Span<byte> hash)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            var content = buffer.AsSpan(0, (int)Math.Min(Block, source.Length - offset));
            source.Read(offset, content);
            SHA256.HashData(content, hash);
            if (target is not null)
                ZeroRuns.WriteData(target, offset, content);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Span<byte> Hash(byte[] hashes, int i) => hashes.AsSpan(i * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);
}
