using Ramet.Block;

namespace Ramet.Images;

/// <summary>How a file was copied.</summary>
public enum CopyMethod
{
    /// <summary>The file system shares the blocks; nothing was moved.</summary>
    Reflink = 1,

    /// <summary>Moved inside the kernel.</summary>
    CopyFileRange = 2,

    /// <summary>Read and written.</summary>
    ReadWrite = 3,
}

/// <summary>The result of a copy.</summary>
/// <param name="Length">Size of the file in bytes.</param>
/// <param name="Method">How it was done.</param>
/// <param name="Digest">Of the content, when it was asked for.</param>
public sealed record CopyResult(long Length, CopyMethod Method, LayerDigest? Digest);

/// <summary>Copies a file as it is, holes kept, to a new file that appears only when it is whole and durable.</summary>
public static class SparseCopy
{
    private const long Chunk = 64L << 20;

    /// <summary>Copies; with <paramref name="digest"/> the content is hashed on the way, as it is written.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.AlreadyExists"/>, <see cref="BlockErrorKind.NoSpace"/>, and what reading reports. Nothing is left behind.</exception>
    public static CopyResult Copy(string from, string to, bool digest = false, IProgress<BlockProgress>? progress = null, CancellationToken cancel = default)
    {
        using var source = RawFile.OpenRead(from);
        using var target = TemporaryFile.Create(to);
        var method = CopyMethod.ReadWrite;
        LayerDigest? result = null;
        if (target.File.TryCloneFrom(source))
        {
            method = CopyMethod.Reflink;
            if (digest)
                result = BlockPass.Run(target.File, null, progress, cancel);
        }
        else if (digest)
            result = BlockPass.Run(source, target.File, progress, cancel);
        else if (TryInKernel(source, target.File, progress, cancel))
            method = CopyMethod.CopyFileRange;
        else
            BlockPass.Run(source, target.File, progress, cancel);

        target.File.SetLength(source.Length);
        target.Publish();
        return new CopyResult(source.Length, method, result);
    }

    /// <summary>False when the very first range shows that this pair of files cannot do it.</summary>
    private static bool TryInKernel(RawFile source, RawFile target, IProgress<BlockProgress>? progress, CancellationToken cancel)
    {
        foreach (var extent in ExtentWalk.Over(source))
        {
            for (var at = extent.Offset; extent.Kind == ExtentKind.Data && at < extent.End;)
            {
                cancel.ThrowIfCancellationRequested();
                var done = target.TryCopyFrom(source, at, Math.Min(Chunk, extent.End - at));
                if (done < 0)
                    return false;
                if (done == 0)
                    throw new BlockException(BlockErrorKind.Truncated, "copy", source.Path, "the file became shorter while it was copied", at);
                at += done;
                progress?.Report(new BlockProgress(at, source.Length));
            }
        }

        progress?.Report(new BlockProgress(source.Length, source.Length));
        return true;
    }
}
