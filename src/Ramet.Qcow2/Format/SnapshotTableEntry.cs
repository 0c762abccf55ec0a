using System.Buffers.Binary;

namespace Ramet.Qcow2;

// Byte  0 -  7  offset of the snapshot's L1 table, cluster aligned
//       8 - 11  number of its entries
//      12 - 13  length of the id
//      14 - 15  length of the name
//      16 - 35  time taken, guest clock, size of the machine state
//      36 - 39  size of the extra data
//      40 -  x  extra data, id, name, padding to a multiple of 8

/// <summary>An entry of the snapshot table: where the L1 table of an internal snapshot is.</summary>
internal readonly record struct SnapshotTableEntry(long L1Offset, uint L1Entries, int StoredLength)
{
    internal const int FixedLength = 40;

    /// <summary>Largest extra data accepted (QEMU's own bound).</summary>
    internal const int MaxExtra = 1024;

    /// <summary>Null when the numbers cannot be right.</summary>
    public static SnapshotTableEntry? Read(ReadOnlySpan<byte> b)
    {
        var extra = BinaryPrimitives.ReadUInt32BigEndian(b[36..]);
        if (extra > MaxExtra)
            return null;
        var length = FixedLength + (int)extra + BinaryPrimitives.ReadUInt16BigEndian(b[12..]) + BinaryPrimitives.ReadUInt16BigEndian(b[14..]);
        return new SnapshotTableEntry(BinaryPrimitives.ReadInt64BigEndian(b), BinaryPrimitives.ReadUInt32BigEndian(b[8..]), length + 7 & ~7);
    }
}
