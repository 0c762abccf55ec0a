using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>ioctl_ficlone(2): makes the target share all blocks of the source.</summary>
internal static partial class Ficlone
{
    private const nuint Request = 0x40049409;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle target, nuint request, SafeFileHandle source);

    internal static int Clone(SafeFileHandle target, SafeFileHandle source) => Ioctl(target, Request, source);
}
