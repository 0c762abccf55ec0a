using System.Text;
using Ramet.Block;

namespace Ramet.Qcow2;

// A header is rewritten in place, so a power loss can tear it: some sectors new, some old. What the old header does not refer to is
// therefore written first and made durable (the bytes behind the end mark, a backing name at a new place), and only then the bytes that
// switch over. Appending an extension switches over by the eight bytes of the old end mark, a new backing name by the fields in the
// first sector: either is within one sector, which disks write whole. When an extension grows into a stored backing name, the name is moved
// away in a step of its own. Replacing an extension by one of another length can touch several sectors and is the one case that is not torn-safe.

/// <summary>Changes the header of a qcow2 image that nobody has open: identity and backing. Durable on return.</summary>
public static class HeaderEditor
{
    private const int Sector = 512;

    /// <summary>The layer's identity, or null when it has none.</summary>
    public static LayerIdentity? ReadIdentity(string path)
    {
        using var file = RawFile.OpenRead(path);
        return HeaderArea.Read(file).ReadIdentity(path);
    }

    /// <summary>Adds or replaces the layer's identity.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.Locked"/> while somebody uses the image.</exception>
    public static void WriteIdentity(string path, LayerIdentity identity) =>
        Rewrite(path, area => (area.BackingName, With(area.Extensions, identity.ToExtension(path))));

    /// <summary>Changes the backing file's name and format without looking at any data (an unsafe rebase); null for none.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.Locked"/> while somebody uses the image.</exception>
    public static void WriteBacking(string path, string? backingPath, string? backingFormat)
    {
        if (backingPath is null != backingFormat is null)
            throw new ArgumentException("a backing file and its format are set or removed together", nameof(backingFormat));
        Rewrite(path, area => (backingPath, backingFormat is null
            ? [.. area.Extensions.Where(e => e.Type != HeaderExtensionType.BackingFormat)]
            : With(area.Extensions, HeaderArea.TextExtension(HeaderExtensionType.BackingFormat, backingFormat))));
    }

    private static void Rewrite(string path, Func<HeaderArea, (string? BackingName, IReadOnlyList<HeaderExtension> Extensions)> change)
    {
        using var file = RawFile.OpenWrite(path, ImageLockMode.Write);
        var area = HeaderArea.Read(file);
        if (area.Header.Incompatible.HasFlag(IncompatibleFeatures.Corrupt))
            throw new BlockException(BlockErrorKind.MarkedCorrupt, "write header", path, "the image is marked corrupt; repair it first");
        var (name, extensions) = change(area);
        var extensionsEnd = area.Header.HeaderLength + extensions.Sum(e => e.StoredLength) + 8;
        if (area.BackingName is { } old && extensionsEnd > area.Header.BackingNameOffset)
        {
            Switch(file, area, Compose(area, area.Extensions, old, path, Behind(Math.Max(extensionsEnd, NameEnd(area)))));
            area = HeaderArea.Read(file);
        }

        var unchanged = name is not null && name == area.BackingName;
        var nameAt = unchanged ? (int)area.Header.BackingNameOffset : Behind(Math.Max(extensionsEnd, NameEnd(area)));
        if (name is not null && !unchanged && Fits(extensionsEnd, name, area))
            nameAt = extensionsEnd;
        Switch(file, area, Compose(area, extensions, name, path, nameAt));
    }

    private static int Behind(int end) => end + 7 & ~7;

    /// <summary>Whether a name directly behind the extensions stays clear of the stored one, so that repeated changes do not creep through the cluster.</summary>
    private static bool Fits(int at, string name, HeaderArea area) =>
        area.BackingName is null || at + Encoding.UTF8.GetByteCount(name) <= area.Header.BackingNameOffset;

    private static byte[] Compose(HeaderArea area, IReadOnlyList<HeaderExtension> extensions, string? name, string path, int nameAt) =>
        HeaderArea.Compose(
            // Whoever writes must drop the automatic bits it does not know.
            area.Header with { Autoclear = area.Header.Autoclear & AutoclearFeatures.All },
            area.Additional.Span, extensions, name, path, nameAt);

    /// <summary>Writes the new header in two steps, so that after the first the old one still holds.</summary>
    private static void Switch(RawFile file, HeaderArea old, byte[] next)
    {
        var length = Math.Min((Math.Max(Math.Max(next.Length, old.ExtensionsEnd), NameEnd(old)) + Sector - 1) / Sector * Sector, old.Header.Geometry.ClusterSize);
        var before = new byte[length];
        file.ReadUpTo(0, before);
        var after = new byte[length];
        next.CopyTo(after, 0);

        var staged = after.ToArray();
        Keep(0, old.ExtensionsEnd);
        if (old.BackingName is not null)
            Keep((int)old.Header.BackingNameOffset, NameEnd(old));
        file.Write(0, staged);
        file.Flush();
        file.Write(0, after);
        file.Flush();

        void Keep(int start, int end) => before.AsSpan(start..end).CopyTo(staged.AsSpan(start));
    }

    private static int NameEnd(HeaderArea area) =>
        area.BackingName is null ? 0 : (int)area.Header.BackingNameOffset + area.Header.BackingNameLength;

    private static HeaderExtension[] With(IReadOnlyList<HeaderExtension> extensions, HeaderExtension added) =>
        extensions.Any(e => e.Type == added.Type)
            ? [.. extensions.Select(e => e.Type == added.Type ? added : e)]
            : [.. extensions, added];
}
