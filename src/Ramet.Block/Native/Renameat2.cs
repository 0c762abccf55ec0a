using System.Runtime.InteropServices;

namespace Ramet.Block.Native;

/// <summary>renameat2(2): rename that never replaces.</summary>
internal static partial class Renameat2
{
    private const int CurrentFolder = -100;
    private const uint NoReplaceFlag = 1;

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);

    internal static int NoReplace(string oldPath, string newPath) => Rename(CurrentFolder, oldPath, CurrentFolder, newPath, NoReplaceFlag);
}
