using System.Buffers.Binary;

namespace Ramet.Qcow2;

// Byte  0 -  3  number of bitmaps, at least 1
//       4 -  7  reserved
//       8 - 15  size of the directory in bytes
//      16 - 23  offset of the directory, cluster aligned

/// <summary>Data of the bitmaps header extension.</summary>
internal readonly record struct BitmapsExtension(uint Count, ulong DirectorySize, ulong DirectoryOffset)
{
    internal const int Length = 24;

    public static BitmapsExtension? Read(ReadOnlySpan<byte> b) => b.Length != Length
        ? null
        : new(BinaryPrimitives.ReadUInt32BigEndian(b), BinaryPrimitives.ReadUInt64BigEndian(b[8..]), BinaryPrimitives.ReadUInt64BigEndian(b[16..]));
}

// Byte  0 -  7  offset of the bitmap table, cluster aligned
//       8 - 11  number of its 8-byte entries
//      12 - 15  flags
//      16 - 17  type, granularity
//      18 - 19  length of the name
//      20 - 23  size of the extra data
//      24 -  x  extra data, name, padding to a multiple of 8

/// <summary>An entry of the bitmap directory.</summary>
internal readonly record struct BitmapDirectoryEntry(ulong TableOffset, uint TableEntries, long StoredLength)
{
    internal const int FixedLength = 24;

    public static BitmapDirectoryEntry Read(ReadOnlySpan<byte> b) => new(
        BinaryPrimitives.ReadUInt64BigEndian(b),
        BinaryPrimitives.ReadUInt32BigEndian(b[8..]),
        FixedLength + (long)BinaryPrimitives.ReadUInt32BigEndian(b[20..]) + BinaryPrimitives.ReadUInt16BigEndian(b[18..]) + 7 & ~7L);
}
