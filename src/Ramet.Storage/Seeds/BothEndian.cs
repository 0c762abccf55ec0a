using System.Buffers.Binary;

namespace Ramet.Storage.Seeds;

/// <summary>Numbers that ISO 9660 stores twice, least significant byte first and then most (ECMA-119 7.2.3 and 7.3.3).</summary>
internal static class BothEndian
{
    public static void Write16(Span<byte> field, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)value);
        BinaryPrimitives.WriteUInt16BigEndian(field[2..], (ushort)value);
    }

    public static void Write32(Span<byte> field, int value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(field, (uint)value);
        BinaryPrimitives.WriteUInt32BigEndian(field[4..], (uint)value);
    }
}
