using Ramet.Block;

namespace Ramet.Images;

/// <summary>The backing file's name out of a header: a plain path, or something QEMU would interpret (<c>json:</c>, <c>nbd:</c>, <c>file.driver=</c>).</summary>
public static class BackingName
{
    /// <summary>Whether QEMU would take the name for a protocol and not for a file: a colon before the first slash (block.c, path_has_protocol).</summary>
    public static bool HasProtocol(string name)
    {
        var stop = name.AsSpan().IndexOfAny(':', '/');
        return stop >= 0 && name[stop] == ':';
    }

    /// <summary>The file that a name in the header of <paramref name="overlayPath"/> means: relative names start at the overlay's folder.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.BackingRefused"/> for a protocol or an empty name.</exception>
    public static string Resolve(string overlayPath, string name)
    {
        if (name.Length == 0 || HasProtocol(name))
            throw new BlockException(BlockErrorKind.BackingRefused, "open", overlayPath, $"the backing file name '{name}' is not a path");
        return Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(overlayPath))!);
    }
}
