using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>copy_file_range(2): copies inside the kernel, sharing blocks where the file system can.</summary>
internal static partial class CopyFileRange
{
    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    internal static partial nint Copy(SafeFileHandle source, ref long sourceOffset, SafeFileHandle target, ref long targetOffset, nint length, uint flags);
}
