using Ramet.Block.Native;

namespace Ramet.Block;

/// <summary>A block operation that failed: a stable kind, and what was tried on which file, where.</summary>
public sealed class BlockException : IOException
{
    /// <param name="kind">What callers decide by.</param>
    /// <param name="operation">What was tried, as a verb: <c>read</c>, <c>create overlay</c>.</param>
    /// <param name="path">The file it was tried on.</param>
    /// <param name="detail">What was found, for people.</param>
    /// <param name="offset">Where in the file, in bytes, when that is known.</param>
    /// <param name="inner">The cause.</param>
    public BlockException(BlockErrorKind kind, string operation, string path, string detail, long? offset = null, Exception? inner = null)
        : base(offset is { } at ? $"{operation} {path} at offset {at}: {detail}" : $"{operation} {path}: {detail}", inner)
    {
        Kind = kind;
        Operation = operation;
        Path = path;
        Offset = offset;
        Detail = detail;
    }

    public BlockErrorKind Kind { get; }

    public string Operation { get; }

    public string Path { get; }

    public long? Offset { get; }

    public string Detail { get; }

    /// <summary>Wraps what the framework's file calls throw; its IOException carries the errno as HResult on Linux.</summary>
    internal static BlockException From(Exception cause, string operation, string path, long? offset = null) => cause switch
    {
        BlockException block => block,
        FileNotFoundException or DirectoryNotFoundException =>
            new BlockException(BlockErrorKind.NotFound, operation, path, "no such file or folder", offset, cause),
        UnauthorizedAccessException => new BlockException(BlockErrorKind.AccessDenied, operation, path, "permission denied", offset, cause),
        IOException io => new BlockException(Errno.Kind(io.HResult), operation, path, io.Message, offset, cause),
        _ => new BlockException(BlockErrorKind.Io, operation, path, cause.Message, offset, cause),
    };

    /// <summary>The error of a native call that just failed on this thread.</summary>
    internal static BlockException FromErrno(int errno, string operation, string path, long? offset = null) =>
        new(Errno.Kind(errno), operation, path, Errno.Text(errno), offset);
}
