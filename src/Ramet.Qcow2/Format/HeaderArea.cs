using System.Text;
using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>
/// All that the first cluster holds: the fixed fields, additional fields not known here, the extensions, the backing file's name.
/// </summary>
public sealed class HeaderArea
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private HeaderArea(Qcow2Header header, IReadOnlyList<HeaderExtension> extensions, string? backingName, int extensionsEnd, ReadOnlyMemory<byte> additional)
    {
        Header = header;
        Extensions = extensions;
        BackingName = backingName;
        ExtensionsEnd = extensionsEnd;
        Additional = additional;
    }

    public Qcow2Header Header { get; }

    public IReadOnlyList<HeaderExtension> Extensions { get; }

    /// <summary>The backing file's name as stored, or null.</summary>
    public string? BackingName { get; }

    /// <summary>The backing file's declared format (<c>qcow2</c>, <c>raw</c>), or null when it is not declared.</summary>
    public string? BackingFormat => Text(HeaderExtensionType.BackingFormat);

    /// <summary>The external data file's name as stored, or null.</summary>
    public string? DataFileName => Text(HeaderExtensionType.ExternalDataFileName);

    /// <summary>The first byte after the end mark of the extensions.</summary>
    internal int ExtensionsEnd { get; }

    /// <summary>Header bytes from 112 on: fields of a later version, kept when the header is rewritten.</summary>
    internal ReadOnlyMemory<byte> Additional { get; }

    /// <summary>Reads the first cluster of a file.</summary>
    public static HeaderArea Read(RawFile file)
    {
        // The largest header in practice is a page; only an image with more is read a second time.
        var start = new byte[4096];
        var length = file.ReadUpTo(0, start);
        var header = Qcow2Header.Read(start.AsSpan(0, length), file.Path);
        if (header.Geometry.ClusterSize > length && length == start.Length)
        {
            try
            {
                return Read(header, start, length, file.Path, complete: false);
            }
            catch (BlockException e) when (e.Kind is BlockErrorKind.Malformed or BlockErrorKind.Truncated)
            {
                start = new byte[header.Geometry.ClusterSize];
                length = file.ReadUpTo(0, start);
            }
        }

        return Read(header, start, Math.Min(length, header.Geometry.ClusterSize), file.Path, complete: true);
    }

    private static HeaderArea Read(Qcow2Header header, byte[] cluster, int length, string path, bool complete)
    {
        string? backing = null;
        var end = length;
        if (header.BackingNameOffset != 0)
        {
            var at = (int)header.BackingNameOffset;
            if (at + header.BackingNameLength > length)
                throw new BlockException(BlockErrorKind.Truncated, "open", path, "the file ends inside the backing file's name", at);
            backing = Decode(cluster.AsSpan(at, header.BackingNameLength), path, at);
            end = at;
        }

        if (header.HeaderLength > length)
            throw new BlockException(BlockErrorKind.Truncated, "open", path, "the file ends inside the header", length);
        var extensions = new List<HeaderExtension>();
        var extensionsEnd = HeaderExtension.ReadAll(cluster.AsSpan(0, length), header.HeaderLength, end, path, extensions);
        if (!complete && extensionsEnd + 8 > length)
            throw new BlockException(BlockErrorKind.Truncated, "open", path, "more than a page", length);
        var additional = header.HeaderLength > Qcow2Header.Version3Length
            ? cluster.AsMemory(Qcow2Header.Version3Length, header.HeaderLength - Qcow2Header.Version3Length)
            : default;
        return new HeaderArea(header, extensions, backing, extensionsEnd, additional);
    }

    /// <summary>The layer's identity, or null when it has none.</summary>
    public LayerIdentity? ReadIdentity(string path) =>
        Find(HeaderExtensionType.LayerIdentity) is { } e ? LayerIdentity.FromExtension(e.Data.Span, path) : null;

    internal HeaderExtension? Find(uint type) => Extensions.FirstOrDefault(e => e.Type == type);

    /// <summary>
    /// The bytes of a first cluster with these extensions and backing name, without the zeros at its end. The name goes to
    /// <paramref name="nameAt"/>, or directly behind the extensions.
    /// </summary>
    internal static byte[] Compose(
        Qcow2Header header, ReadOnlySpan<byte> additional, IReadOnlyList<HeaderExtension> extensions, string? backingName, string path, int nameAt = 0)
    {
        var name = backingName is null ? [] : Encoding.UTF8.GetBytes(backingName);
        if (name.Length > Qcow2Header.MaxBackingName)
            throw new BlockException(BlockErrorKind.OverBudget, "write header", path, $"the backing file's name has {name.Length} bytes, over {Qcow2Header.MaxBackingName}");
        var extensionsEnd = header.HeaderLength + extensions.Sum(e => e.StoredLength) + 8;
        nameAt = Math.Max(nameAt, extensionsEnd);
        var end = backingName is null ? extensionsEnd : nameAt + name.Length;
        if (end > header.Geometry.ClusterSize)
            throw new BlockException(BlockErrorKind.OverBudget, "write header", path, $"{end} bytes do not fit a cluster of {header.Geometry.ClusterSize}");

        var bytes = new byte[end];
        (header with { BackingNameOffset = backingName is null ? 0 : nameAt, BackingNameLength = name.Length }).Write(bytes);
        additional.CopyTo(bytes.AsSpan(Math.Min(Qcow2Header.Version3Length, header.HeaderLength)));
        var at = header.HeaderLength;
        foreach (var extension in extensions)
            at += extension.Write(bytes.AsSpan(at));
        if (backingName is not null)
            name.CopyTo(bytes, nameAt);
        return bytes;
    }

    internal static HeaderExtension TextExtension(uint type, string text) => new(type, Encoding.UTF8.GetBytes(text));

    private string? Text(uint type) => Find(type) is { } e ? Decode(e.Data.Span, "", 0) : null;

    private static string Decode(ReadOnlySpan<byte> bytes, string path, long at)
    {
        try
        {
            var text = StrictUtf8.GetString(bytes);
            if (!text.Contains('\0'))
                return text;
        }
        catch (DecoderFallbackException)
        {
            // Falls through: not a name that a path could be made from.
        }

        throw new BlockException(BlockErrorKind.Malformed, "open", path, "a name in the header is not text", at);
    }
}
