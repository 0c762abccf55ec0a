using System.Buffers.Binary;
using System.Text;
using Ramet.Block;

namespace Ramet.Storage.Guests;

// A guest wrote these structures, so nothing in them is believed: every read is bounds-checked by the device, the extent tree is
// followed to a fixed depth and only for blocks below the directory's size, and that size is capped.
//
// Group descriptor: 08 - 0B and 28 - 2B, low and high half of the block where the group's inodes begin.
// Extent tree node: 00 F30A, 02 entries, 06 depth; then 12 bytes each. A leaf: 00 - 03 first block in the file, 04 - 05 how many (from
// 32769 on: 32768 less, not written yet), 06 - 07 and 08 - 0B high and low part of the block. An index: 00 - 03 first block in the file,
// 04 - 07 and 08 - 09 low and high part of the node's block.
// Directory entry: 00 - 03 inode, 0 for none; 04 - 05 distance to the next; 06 length of the name; 08 name. The nodes of a hashed
// directory look like empty entries, so that going through all blocks in order finds every name.

/// <summary>Answers one question of an ext2, ext3 or ext4 file system: is there such a path? The journal is not replayed.</summary>
internal sealed class ExtFileSystem(IBlockDevice disk, long start, ExtSuperblock measures)
{
    private const uint RootInode = 2;
    private const int DeepestTree = 5;
    private const long LongestDirectory = 64 << 20;

    /// <summary>Null where there is no such file system.</summary>
    public static ExtFileSystem? Open(IBlockDevice disk, long offset) =>
        ExtSuperblock.Read(disk, offset) is { } measures ? new ExtFileSystem(disk, offset, measures) : null;

    /// <summary>Whether the path has an entry; symbolic links on the way are not followed. Null when a directory cannot be read.</summary>
    /// <exception cref="BlockException">The structures lead outside the disk.</exception>
    public bool? Exists(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var inode = RootInode;
        foreach (var name in names)
        {
            var directory = ReadInode(inode);
            if (!directory.IsDirectory)
                return false;
            if (!directory.IsReadable || directory.Size > LongestDirectory)
                return null;
            if (Find(directory, Encoding.UTF8.GetBytes(name)) is not { } found)
                return false;
            inode = found;
        }

        return true;
    }

    private ExtInode ReadInode(uint number)
    {
        var (group, index) = Math.DivRem(number - 1, measures.InodesPerGroup);
        var descriptor = ReadBytes(measures.DescriptorTable + group * (long)measures.DescriptorSize, measures.DescriptorSize);
        var table = (long)BinaryPrimitives.ReadUInt32LittleEndian(descriptor.AsSpan(8));
        if (descriptor.Length >= 64)
            table |= (long)BinaryPrimitives.ReadUInt32LittleEndian(descriptor.AsSpan(0x28)) << 32;
        return new ExtInode(ReadBytes(BlockAt(table) + index * (long)measures.InodeSize, 128));
    }

    private uint? Find(ExtInode directory, ReadOnlySpan<byte> name)
    {
        var blocks = (directory.Size + measures.BlockSize - 1) / measures.BlockSize;
        for (long number = 0; number < blocks; number++)
        {
            var at = directory.HasExtents ? FromExtents(directory.Blocks, number, DeepestTree) : FromMap(directory.Blocks, number);
            if (at != 0 && FindIn(ReadBytes(BlockAt(at), measures.BlockSize), name) is { } inode)
                return inode;
        }

        return null;
    }

    private static uint? FindIn(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name)
    {
        while (block.Length >= 8)
        {
            var inode = BinaryPrimitives.ReadUInt32LittleEndian(block);
            var next = BinaryPrimitives.ReadUInt16LittleEndian(block[4..]);
            if (inode != 0 && block[6] == name.Length && block.Length >= 8 + name.Length && block.Slice(8, name.Length).SequenceEqual(name))
                return inode;
            if (next < 8 || next > block.Length)
                break;
            block = block[next..];
        }

        return null;
    }

    /// <summary>The block that holds a block of the file; 0 for a hole.</summary>
    private long FromExtents(ReadOnlySpan<byte> node, long number, int depthLeft)
    {
        var entries = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(node[2..]), node.Length / 12 - 1);
        if (BinaryPrimitives.ReadUInt16LittleEndian(node) != 0xF30A || depthLeft == 0)
            return 0;

        var isLeaf = BinaryPrimitives.ReadUInt16LittleEndian(node[6..]) == 0;
        for (var i = entries; i > 0; i--)
        {
            var entry = node.Slice(12 * i, 12);
            long first = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (first > number)
                continue;
            if (!isLeaf)
            {
                var child = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) | (long)BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]) << 32;
                return FromExtents(ReadBytes(BlockAt(child), measures.BlockSize), number, depthLeft - 1);
            }

            var length = BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
            var at = (long)BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) << 32 | BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            return length <= 32768 && number - first < length ? at + number - first : 0;
        }

        return 0;
    }

    private long FromMap(ReadOnlySpan<byte> map, long number)
    {
        const int Direct = 12;
        var perBlock = measures.BlockSize / 4;
        if (number < Direct)
            return BinaryPrimitives.ReadUInt32LittleEndian(map[(int)(4 * number)..]);

        number -= Direct;
        long reach = perBlock;
        for (var level = 1; level <= 3; level++, reach *= perBlock)
        {
            if (number >= reach)
            {
                number -= reach;
                continue;
            }

            long at = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 * (Direct + level - 1))..]);
            for (var below = reach / perBlock; at != 0 && below > 0; below /= perBlock)
            {
                at = BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(BlockAt(at) + number / below * 4, 4));
                number %= below;
            }

            return at;
        }

        return 0;
    }

    private long BlockAt(long block) => block is >= 0 and < long.MaxValue >> 17 ? block * measures.BlockSize : long.MaxValue >> 1;

    private byte[] ReadBytes(long offset, int length)
    {
        var bytes = new byte[length];
        disk.Read(start + offset, bytes);
        return bytes;
    }
}
