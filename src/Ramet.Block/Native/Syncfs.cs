using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>syncfs(2): everything dirty on the file system that holds the file, write-back errors reported (Linux 5.8).</summary>
internal static partial class Syncfs
{
    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);
}
