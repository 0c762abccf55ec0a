using System.Buffers.Binary;
using Ramet.Block;

namespace Ramet.Storage.Guests;

// Sector 0, master boot record: from byte 446 four entries of 16 bytes (byte 4 type, 8 - 11 first sector, 12 - 15 sectors), 55 AA
// at 510. Sector 1, GUID partition table (UEFI specification 5.3.2): "EFI PART", byte 72 - 79 first sector of the entries, 80 - 83
// how many, 84 - 87 size of each; an entry (5.3.3): 16 bytes of type, all 0 for none, 32 - 39 first sector, 40 - 47 last sector.

/// <summary>Where file systems may begin on a disk: its partitions, or the whole of it when it has none.</summary>
internal static class PartitionTable
{
    private const int Sector = 512;
    private const int MostEntries = 256;
    private const int LongestEntry = 4096;

    /// <summary>Offsets in bytes, not looked at yet and not to be trusted.</summary>
    public static List<long> Offsets(IBlockDevice disk)
    {
        if (disk.Length < 2 * Sector)
            return [0];

        var start = new byte[2 * Sector];
        disk.Read(0, start);
        var gpt = start.AsSpan(Sector);
        if (gpt.StartsWith("EFI PART"u8))
            return OfGpt(disk, gpt);
        return start[510] == 0x55 && start[511] == 0xAA ? OfMbr(start) : [0];
    }

    private static List<long> OfMbr(ReadOnlySpan<byte> sector)
    {
        // A file system on the whole disk may keep a boot sector before it, which ends in the same signature.
        var offsets = new List<long> { 0 };
        for (var at = 446; at < 510; at += 16)
        {
            if (sector[at + 4] != 0)
                offsets.Add(BinaryPrimitives.ReadUInt32LittleEndian(sector[(at + 8)..]) * (long)Sector);
        }

        return offsets;
    }

    private static List<long> OfGpt(IBlockDevice disk, ReadOnlySpan<byte> header)
    {
        var first = BinaryPrimitives.ReadInt64LittleEndian(header[72..]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header[80..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[84..]);
        var offsets = new List<long>();
        if (size is < 128 or > LongestEntry || first < 0 || first > disk.Length / Sector)
            return offsets;

        var entry = new byte[size];
        for (long i = 0; i < Math.Min(count, MostEntries); i++)
        {
            var at = first * Sector + i * size;
            if (at + size > disk.Length)
                break;
            disk.Read(at, entry);
            var sector = BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(32));
            if (entry.AsSpan(0, 16).ContainsAnyExcept((byte)0) && sector > 0 && sector < disk.Length / Sector)
                offsets.Add(sector * Sector);
        }

        return offsets;
    }
}
