using System.Buffers.Binary;
using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>Header extension types. A type that is not here is kept as it is.</summary>
public static class HeaderExtensionType
{
    public const uint End = 0;
    public const uint BackingFormat = 0xE2792ACA;
    public const uint FeatureNameTable = 0x6803F857;
    public const uint Bitmaps = 0x23852875;
    public const uint FullDiskEncryption = 0x0537BE77;
    public const uint ExternalDataFileName = 0x44415441;

    /// <summary>Ramet's own: <see cref="LayerIdentity"/>. "RAMT".</summary>
    public const uint LayerIdentity = 0x52414D54;
}

// Byte  0 -  3  type
//       4 -  7  length of the data
//       8 -  n  data
//       n -  m  padding to a multiple of 8

/// <summary>One header extension as it is stored (qcow2 specification, "Header extensions").</summary>
public sealed record HeaderExtension(uint Type, ReadOnlyMemory<byte> Data)
{
    private const int Prefix = 8;

    internal int StoredLength => Prefix + (Data.Length + 7 & ~7);

    /// <summary>Reads extensions until the end mark or the end of the area; returns where the area really ends.</summary>
    internal static int ReadAll(ReadOnlySpan<byte> cluster, int start, int end, string path, List<HeaderExtension> into)
    {
        var at = start;
        while (at + Prefix <= end)
        {
            var type = BinaryPrimitives.ReadUInt32BigEndian(cluster[at..]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(cluster[(at + 4)..]);
            if (type == HeaderExtensionType.End)
                return at + Prefix;
            if (length > (uint)(end - at - Prefix))
                throw new BlockException(BlockErrorKind.Malformed, "open", path, $"header extension 0x{type:x8} of {length} bytes does not fit the header", at);
            into.Add(new HeaderExtension(type, cluster.Slice(at + Prefix, (int)length).ToArray()));
            at += Prefix + ((int)length + 7 & ~7);
        }

        return Math.Min(at, end);
    }

    internal int Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, Type);
        BinaryPrimitives.WriteInt32BigEndian(to[4..], Data.Length);
        Data.Span.CopyTo(to[Prefix..]);
        to[(Prefix + Data.Length)..StoredLength].Clear();
        return StoredLength;
    }
}
