using System.Runtime.InteropServices;

namespace Ramet.Block.Native;

/// <summary>realpath(3): the path with every symbolic link resolved.</summary>
internal static partial class Realpath
{
    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Resolve(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint pointer);

    /// <summary>Null, with errno, when a component is missing.</summary>
    internal static string? Of(string path)
    {
        var result = Resolve(path, 0);
        if (result == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(result);
        }
        finally
        {
            Free(result);
        }
    }
}
