using System.Buffers.Binary;
using Ramet.Block;

namespace Ramet.Storage.Guests;

// Linux, Documentation/filesystems/ext4, "Super Block"; at byte 1024 of the file system, little endian:
// 14 - 17  block that holds this structure       18 - 1B  log2 of the block size, less 10
// 28 - 2B  inodes in a group                     38 - 39  EF53
// 4C - 4F  revision; 0 has inodes of 128 bytes   58 - 59  size of an inode
// 60 - 63  features that one must know to read   FE - FF  size of a group descriptor, with the feature 64BIT

/// <summary>The measures of an ext2, ext3 or ext4 file system.</summary>
/// <param name="BlockSize">Bytes.</param>
/// <param name="DescriptorTable">Where the group descriptors begin, in bytes from the file system's start.</param>
internal sealed record ExtSuperblock(int BlockSize, long DescriptorTable, int DescriptorSize, uint InodesPerGroup, int InodeSize)
{
    private const int At = 1024;
    private const uint FileType = 0x2;
    private const uint Recover = 0x4;
    private const uint Extents = 0x40;
    private const uint SixtyFourBit = 0x80;
    private const uint FlexibleGroups = 0x200;
    private const uint ChecksumSeed = 0x2000;
    private const uint LargeDirectories = 0x4000;
    private const uint InlineData = 0x8000;
    private const uint CaseFolding = 0x20000;
    private const uint Known = FileType | Recover | Extents | SixtyFourBit | FlexibleGroups | ChecksumSeed | LargeDirectories | InlineData | CaseFolding;

    /// <summary>Null when there is no such file system, or one with a feature that changes where things are.</summary>
    public static ExtSuperblock? Read(IBlockDevice disk, long offset)
    {
        Span<byte> b = stackalloc byte[256];
        if (disk.Length - offset < At + b.Length)
            return null;
        disk.Read(offset + At, b);
        if (BinaryPrimitives.ReadUInt16LittleEndian(b[0x38..]) != 0xEF53)
            return null;

        var logBlock = BinaryPrimitives.ReadUInt32LittleEndian(b[0x18..]);
        var features = BinaryPrimitives.ReadUInt32LittleEndian(b[0x60..]);
        var inodesPerGroup = BinaryPrimitives.ReadUInt32LittleEndian(b[0x28..]);
        var inodeSize = BinaryPrimitives.ReadUInt32LittleEndian(b[0x4C..]) == 0 ? 128 : BinaryPrimitives.ReadUInt16LittleEndian(b[0x58..]);
        var descriptorSize = (features & SixtyFourBit) != 0 ? BinaryPrimitives.ReadUInt16LittleEndian(b[0xFE..]) : 32;
        if (logBlock > 6 || (features & ~Known) != 0 || inodesPerGroup == 0 || inodeSize < 128 || descriptorSize is < 32 or > 1024)
            return null;

        var blockSize = 1024 << (int)logBlock;
        var table = (BinaryPrimitives.ReadUInt32LittleEndian(b[0x14..]) + 1L) * blockSize;
        return new ExtSuperblock(blockSize, table, descriptorSize, inodesPerGroup, inodeSize);
    }
}
