using System.Runtime.InteropServices;

namespace Ramet.Block.Native;

/// <summary>Linux error numbers (asm-generic/errno*.h) and the kinds they stand for.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int ENXIO = 6;
    internal const int EAGAIN = 11;
    internal const int EACCES = 13;
    internal const int EEXIST = 17;
    internal const int EXDEV = 18;
    internal const int ENOTDIR = 20;
    internal const int EINVAL = 22;
    internal const int ENOTTY = 25;
    internal const int ENOSPC = 28;
    internal const int EROFS = 30;
    internal const int ENOSYS = 38;
    internal const int EOPNOTSUPP = 95;
    internal const int EDQUOT = 122;

    /// <summary>The error of the last call that was imported with SetLastError.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    internal static BlockErrorKind Kind(int errno) => errno switch
    {
        ENOENT or ENOTDIR => BlockErrorKind.NotFound,
        EEXIST => BlockErrorKind.AlreadyExists,
        EPERM or EACCES or EROFS => BlockErrorKind.AccessDenied,
        ENOSPC or EDQUOT => BlockErrorKind.NoSpace,
        EAGAIN => BlockErrorKind.Locked,
        _ => BlockErrorKind.Io,
    };

    internal static string Text(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
