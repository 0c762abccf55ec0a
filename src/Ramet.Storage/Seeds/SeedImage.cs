using System.Text;
using Ramet.Core.Errors;

namespace Ramet.Storage.Seeds;

// Sector  0 - 15   system area, not used: a hole in the file
//        16 - 18   primary descriptor, Joliet descriptor, end
//        19 - 20   path table of the primary tree, little and big endian
//        21 - 22   the same of the Joliet tree
//        23, 24    root directory of the primary tree (with Rock Ridge entries), of the Joliet tree
//        25 -      the files, each from a sector of its own; both trees point at them

/// <summary>
/// A small ISO 9660 volume that holds a few files in its root under their exact names. The same files make the same bytes.
/// </summary>
internal static class SeedImage
{
    public const int SectorSize = 2048;

    /// <summary>Where the content begins; everything before it is zero.</summary>
    public const int ContentOffset = 16 * SectorSize;

    private const int FirstFile = 25;
    private const int LongestName = 64;
    private static readonly VolumeTree Primary = new(19, 20, 23);
    private static readonly VolumeTree Joliet = new(21, 22, 24);

    /// <summary>The volume from <see cref="ContentOffset"/> on.</summary>
    /// <param name="volumeId">Up to 16 characters; cloud-init looks for "cidata".</param>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/> for names or a number of files that a seed does not have.</exception>
    public static byte[] Compose(string volumeId, IReadOnlyDictionary<string, string> files)
    {
        var sector = FirstFile;
        var placed = new List<Placed>();
        foreach (var (name, text) in files.OrderBy(f => PlainName(f.Key), StringComparer.Ordinal))
        {
            Check(name);
            var content = Encoding.UTF8.GetBytes(text);
            placed.Add(new Placed(name, sector, content));
            sector += (content.Length + SectorSize - 1) / SectorSize;
        }

        if (placed.Select(f => PlainName(f.Name)).Distinct().Count() != placed.Count)
            throw new RametException(ErrorKind.InvalidArgument, "two files of the seed have names that differ in punctuation only");

        var volume = new byte[sector * SectorSize - ContentOffset];
        VolumeDescriptor.WritePrimary(Sector(16), volumeId, sector, Primary);
        VolumeDescriptor.WriteJoliet(Sector(17), volumeId, sector, Joliet);
        VolumeDescriptor.WriteEnd(Sector(18));
        foreach (var tree in new[] { Primary, Joliet })
        {
            PathTable.WriteLittleEndian(Sector(tree.LittleEndianPathTable), tree.Root);
            PathTable.WriteBigEndian(Sector(tree.BigEndianPathTable), tree.Root);
        }

        WriteRoot(Sector(Primary.Root), Primary.Root, RockRidge.OfRoot(), RockRidge.OfAbove(), placed, f => Encoding.ASCII.GetBytes(PlainName(f)), RockRidge.OfFile);
        WriteRoot(Sector(Joliet.Root), Joliet.Root, [], [], [.. placed.OrderBy(f => f.Name, StringComparer.Ordinal)], Encoding.BigEndianUnicode.GetBytes, _ => []);
        foreach (var file in placed)
            file.Content.CopyTo(volume.AsSpan(file.Sector * SectorSize - ContentOffset));
        return volume;

        Span<byte> Sector(int number) => volume.AsSpan(number * SectorSize - ContentOffset, SectorSize);
    }

    private static void WriteRoot(
        Span<byte> sector, int root, ReadOnlySpan<byte> ofRoot, ReadOnlySpan<byte> ofAbove, List<Placed> files, Func<string, byte[]> nameOf, Func<string, byte[]> systemUseOf)
    {
        var at = 0;
        Append(sector, ref at, new DirectoryRecord(DirectoryRecord.Self, root, SectorSize, isDirectory: true, ofRoot));
        Append(sector, ref at, new DirectoryRecord(DirectoryRecord.Above, root, SectorSize, isDirectory: true, ofAbove));
        foreach (var file in files)
            Append(sector, ref at, new DirectoryRecord(nameOf(file.Name), file.Sector, file.Content.Length, isDirectory: false, systemUseOf(file.Name)));
    }

    private static void Append(Span<byte> sector, ref int at, in DirectoryRecord record)
    {
        if (at + record.Size > sector.Length)
            throw new RametException(ErrorKind.InvalidArgument, "a seed has room for about ten files");
        record.Write(sector[at..]);
        at += record.Size;
    }

    private static void Check(string name)
    {
        if (name.Length is 0 or > LongestName || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            throw new RametException(ErrorKind.InvalidArgument, $"'{name}' is no name for a file of a seed: up to {LongestName} letters, digits, '-', '_' and '.'");
    }

    /// <summary>"meta-data" → "META_DATA.;1": what plain ISO 9660 allows (ECMA-119 7.5, up to 30 characters and the version).</summary>
    private static string PlainName(string name)
    {
        var plain = string.Concat(name.Take(28).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
        return plain + ".;1";
    }

    private sealed record Placed(string Name, int Sector, byte[] Content);
}
