using System.Text;

namespace Ramet.Storage.Seeds;

// System use entries (IEEE P1281 SUSP, IEEE P1282 RRIP), each: two letters, length, version 1, data.
// SP   7 bytes   BE EF, bytes to skip 0: first in the root's own record, says that there are entries
// ER   8 + n     lengths of identifier, description and source, version 1, identifier: which extension is used
// PX  36 bytes   mode, links, user, group, each in both byte orders
// NM   5 + n     flags 0, the name as it is

/// <summary>Names and modes as Unix has them. Linux reads them always; Joliet, which Windows reads, only when it is built in.</summary>
internal static class RockRidge
{
    public const int DirectoryMode = 0x4000 | 0x16D;

    public const int FileMode = 0x8000 | 0x124;

    /// <summary>What the root says of itself.</summary>
    public static byte[] OfRoot() => [.. "SP"u8, 7, 1, 0xBE, 0xEF, 0, .. Mode(DirectoryMode, links: 2), .. "ER"u8, 18, 1, 10, 0, 0, 1, .. "RRIP_1991A"u8];

    public static byte[] OfAbove() => Mode(DirectoryMode, links: 2);

    public static byte[] OfFile(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return [.. Mode(FileMode, links: 1), .. "NM"u8, (byte)(5 + bytes.Length), 1, 0, .. bytes];
    }

    private static byte[] Mode(int mode, int links)
    {
        var entry = new byte[36];
        "PX"u8.CopyTo(entry);
        entry[2] = 36;
        entry[3] = 1;
        BothEndian.Write32(entry.AsSpan(4), mode);
        BothEndian.Write32(entry.AsSpan(12), links);
        return entry;
    }
}
