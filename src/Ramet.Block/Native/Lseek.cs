using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>lseek(2): where data and holes begin.</summary>
internal static partial class Lseek
{
    internal const int SeekData = 3;
    internal const int SeekHole = 4;

    /// <summary>The offset found, or -1 with errno; ENXIO: nothing of that sort after the offset.</summary>
    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(SafeFileHandle file, long offset, int whence);
}
