using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>fcntl(2): open-file-description locks, which belong to the open file and not to the process.</summary>
internal static partial class Fcntl
{
    internal const int GetLock = 36;
    internal const int SetLock = 37;
    internal const short ReadLock = 0;
    internal const short WriteLock = 1;
    internal const short Unlock = 2;

    /// <summary>struct flock on 64-bit Linux; whence is SEEK_SET, the process id must be 0 for this kind of lock.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileLock
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Process;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Control(SafeFileHandle file, int command, ref FileLock value);
}
