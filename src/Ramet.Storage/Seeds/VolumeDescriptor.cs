using System.Buffers.Binary;
using System.Text;

namespace Ramet.Storage.Seeds;

// ECMA-119 8.4 (primary) and 8.5 (supplementary), volume descriptor; text is filled up with spaces:
// Byte    0          type: 1 primary, 2 supplementary, 255 the end of the descriptors (8.3: nothing follows but zeros)
//         1 -    5   "CD001"
//         6          version, 1
//         8 -   39   system identifier
//        40 -   71   volume identifier
//        80 -   87   sectors in the volume, both byte orders
//        88 -  119   supplementary: escape sequences; 25 2F 45 is Joliet level 3, UCS-2 in big endian order
//       120 -  123   volumes in the set, 1, both byte orders
//       124 -  127   number of this volume, 1, both byte orders
//       128 -  131   sector size, both byte orders
//       132 -  139   length of a path table, both byte orders
//       140 -  143   sector of the path table in little endian order
//       148 -  151   sector of the path table in big endian order
//       156 -  189   directory record of the root
//       190 -  812   names of the set, publisher, preparer, application and three files
//       813 -  880   four dates, each 16 digits and a zero byte; all digits 0: not said
//       881          version of the structures, 1

/// <summary>Says what a volume is called and where its root is, once in plain ISO 9660 and once in Joliet.</summary>
internal static class VolumeDescriptor
{
    private const int TextStart = 190;
    private const int TextEnd = 813;
    private const int DateLength = 17;

    public static void WritePrimary(Span<byte> sector, string volumeId, int sectors, in VolumeTree tree) =>
        Write(sector, 1, volumeId, sectors, tree, Encoding.ASCII, " "u8);

    public static void WriteJoliet(Span<byte> sector, string volumeId, int sectors, in VolumeTree tree)
    {
        Write(sector, 2, volumeId, sectors, tree, Encoding.BigEndianUnicode, [0, (byte)' ']);
        "%/E"u8.CopyTo(sector[88..]);
    }

    public static void WriteEnd(Span<byte> sector) => WriteStart(sector, 255);

    private static void Write(Span<byte> sector, byte type, string volumeId, int sectors, in VolumeTree tree, Encoding encoding, ReadOnlySpan<byte> space)
    {
        WriteStart(sector, type);
        Fill(sector[8..72], space);
        encoding.GetBytes(volumeId, sector[40..72]);
        BothEndian.Write32(sector[80..], sectors);
        BothEndian.Write16(sector[120..], 1);
        BothEndian.Write16(sector[124..], 1);
        BothEndian.Write16(sector[128..], SeedImage.SectorSize);
        BothEndian.Write32(sector[132..], PathTable.RootOnlyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[140..], (uint)tree.LittleEndianPathTable);
        BinaryPrimitives.WriteUInt32BigEndian(sector[148..], (uint)tree.BigEndianPathTable);
        new DirectoryRecord(DirectoryRecord.Self, tree.Root, SeedImage.SectorSize, isDirectory: true).Write(sector[156..]);
        Fill(sector[TextStart..TextEnd], space);
        for (var date = TextEnd; date < TextEnd + 4 * DateLength; date += DateLength)
            sector.Slice(date, DateLength - 1).Fill((byte)'0');
        sector[881] = 1;
    }

    private static void WriteStart(Span<byte> sector, byte type)
    {
        sector[0] = type;
        "CD001"u8.CopyTo(sector[1..]);
        sector[6] = 1;
    }

    private static void Fill(Span<byte> field, ReadOnlySpan<byte> space)
    {
        for (var i = 0; i < field.Length; i++)
            field[i] = space[i % space.Length];
    }
}

/// <summary>The sectors of one of the two trees.</summary>
internal readonly record struct VolumeTree(int LittleEndianPathTable, int BigEndianPathTable, int Root);
