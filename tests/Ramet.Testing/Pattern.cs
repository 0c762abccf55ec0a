using System.Buffers.Binary;

namespace Ramet.Testing;

/// <summary>Content that tells where it belongs: every 8 bytes hold a seed and their own offset.</summary>
public static class Pattern
{
    /// <summary>The bytes of a disk from an offset that is a multiple of 8.</summary>
    public static byte[] At(long offset, int length, int seed = 1)
    {
        var bytes = new byte[length + 7 & ~7];
        for (var i = 0; i < bytes.Length; i += 8)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i), offset + i ^ (long)seed << 48 | 1);
        return bytes.AsSpan(0, length).ToArray();
    }
}
