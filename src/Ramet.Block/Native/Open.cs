using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ramet.Block.Native;

/// <summary>open(2), for what File.OpenHandle will not open: folders.</summary>
internal static partial class Open
{
    private const int ReadOnlyFolderCloseOnExec = 0x10000 | 0x80000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    /// <summary>An invalid handle, with errno, when it fails. O_DIRECTORY is 0x10000 on x86; elsewhere the generic value differs.</summary>
    internal static SafeFileHandle Folder(string path) =>
        OpenFile(path, RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? 0x4000 | 0x80000 : ReadOnlyFolderCloseOnExec);
}
