using System.Runtime.InteropServices;

namespace Ramet.Block.Native;

/// <summary>link(2).</summary>
internal static partial class Link
{
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Create(string existing, string name);
}
