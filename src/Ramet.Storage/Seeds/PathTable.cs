using System.Buffers.Binary;

namespace Ramet.Storage.Seeds;

// ECMA-119 9.4, path table record, here of the root only:
// Byte  0        length of the identifier, 1
//       1        length of an extended attribute record, 0
//       2 -  5   first sector of the directory
//       6 -  7   number of the directory above, 1: the root is its own
//       8        identifier, 00
//       9        0, because the identifier's length is odd

/// <summary>The list of all directories, which for a volume without folders is the root.</summary>
internal static class PathTable
{
    public const int RootOnlyLength = 10;

    public static void WriteLittleEndian(Span<byte> sector, int root)
    {
        sector[0] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(sector[2..], (uint)root);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[6..], 1);
    }

    public static void WriteBigEndian(Span<byte> sector, int root)
    {
        sector[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(sector[2..], (uint)root);
        BinaryPrimitives.WriteUInt16BigEndian(sector[6..], 1);
    }
}
