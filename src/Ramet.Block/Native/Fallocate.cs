using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>fallocate(2).</summary>
internal static partial class Fallocate
{
    internal const int KeepSize = 1;
    internal const int PunchHole = 2;

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}
