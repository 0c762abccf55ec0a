using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>fdatasync(2): data, and the metadata needed to read it back, on stable storage.</summary>
internal static partial class Fdatasync
{
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);
}
