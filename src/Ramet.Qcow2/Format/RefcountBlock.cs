using System.Buffers.Binary;

namespace Ramet.Qcow2;

/// <summary>
/// A refcount block: an array of counts, 1 to 64 bits wide, big endian; widths under 8 bits start at the least significant bit of each byte.
/// </summary>
internal static class RefcountBlock
{
    public static ulong Get(ReadOnlySpan<byte> block, int order, int index) => order switch
    {
        6 => BinaryPrimitives.ReadUInt64BigEndian(block[(index * 8)..]),
        5 => BinaryPrimitives.ReadUInt32BigEndian(block[(index * 4)..]),
        4 => BinaryPrimitives.ReadUInt16BigEndian(block[(index * 2)..]),
        3 => block[index],
        _ => (ulong)(block[index >> (3 - order)] >> Shift(order, index) & Mask(order)),
    };

    public static void Set(Span<byte> block, int order, int index, ulong count)
    {
        switch (order)
        {
            case 6:
                BinaryPrimitives.WriteUInt64BigEndian(block[(index * 8)..], count);
                break;
            case 5:
                BinaryPrimitives.WriteUInt32BigEndian(block[(index * 4)..], checked((uint)count));
                break;
            case 4:
                BinaryPrimitives.WriteUInt16BigEndian(block[(index * 2)..], checked((ushort)count));
                break;
            case 3:
                block[index] = checked((byte)count);
                break;
            default:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (ulong)Mask(order));
                ref var cell = ref block[index >> (3 - order)];
                cell = (byte)(cell & ~(Mask(order) << Shift(order, index)) | (int)count << Shift(order, index));
                break;
        }
    }

    private static int Shift(int order, int index) => (index & ((8 >> order) - 1)) << order;

    private static int Mask(int order) => (1 << (1 << order)) - 1;
}
