using System.Buffers.Binary;

namespace Ramet.Storage.Guests;

// Linux, Documentation/filesystems/ext4, "Index Nodes"; little endian:
// 00 - 01  mode, 4xxx directory                  04 - 07  size, low half
// 20 - 23  flags                                 28 - 63  extent tree, or block map: 12 direct, then one, two, three times indirect
// 6C - 6F  size, high half

/// <summary>A file or directory: how long it is, and which blocks hold it.</summary>
internal readonly struct ExtInode(byte[] bytes)
{
    private const uint ExtentsFlag = 0x80000;
    private const uint EncryptedFlag = 0x800;
    private const uint InlineFlag = 0x10000000;

    public bool IsDirectory => (BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0xF000) == 0x4000;

    public long Size => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) | (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(0x6C)) << 32;

    public bool HasExtents => (Flags & ExtentsFlag) != 0;

    /// <summary>False for content that is encrypted or kept where this reader does not look.</summary>
    public bool IsReadable => (Flags & (EncryptedFlag | InlineFlag)) == 0;

    /// <summary>The root of the extent tree, or the block map.</summary>
    public ReadOnlySpan<byte> Blocks => bytes.AsSpan(0x28, 60);

    private uint Flags => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(0x20));
}
