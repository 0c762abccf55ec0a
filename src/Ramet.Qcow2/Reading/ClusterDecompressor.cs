using System.IO.Compression;
using Ramet.Qcow2.Native;

namespace Ramet.Qcow2;

/// <summary>Turns a compressed cluster back into a whole one. Stored lengths are rounded up to sectors, so input may have bytes to spare.</summary>
internal static class ClusterDecompressor
{
    [ThreadStatic]
    private static Zstd.Context? _zstd;

    /// <summary>Fills <paramref name="cluster"/>; false when the input is damaged or too short.</summary>
    public static bool TryDecompress(CompressionType type, byte[] input, int length, Span<byte> cluster) =>
        type == CompressionType.Zstd ? TryZstd(input.AsSpan(0, length), cluster) : TryDeflate(input, length, cluster);

    /// <summary>"zlib" in qcow2 is a raw deflate stream, without zlib's own header.</summary>
    private static bool TryDeflate(byte[] input, int length, Span<byte> cluster)
    {
        try
        {
            using var stream = new DeflateStream(new MemoryStream(input, 0, length, writable: false), CompressionMode.Decompress);
            return stream.ReadAtLeast(cluster, cluster.Length, throwOnEndOfStream: false) == cluster.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static unsafe bool TryZstd(ReadOnlySpan<byte> input, Span<byte> cluster)
    {
        var context = _zstd ??= Zstd.ZSTD_createDCtx();
        Zstd.ZSTD_initDStream(context);
        fixed (byte* from = input, to = cluster)
        {
            var source = new Zstd.Buffer { Data = (nint)from, Size = (nuint)input.Length };
            var target = new Zstd.Buffer { Data = (nint)to, Size = (nuint)cluster.Length };
            while (target.Position < target.Size)
            {
                var before = (source.Position, target.Position);
                if (Zstd.ZSTD_isError(Zstd.ZSTD_decompressStream(context, ref target, ref source)) != 0)
                    return false;
                if (before == (source.Position, target.Position))
                    return false;
            }
        }

        return true;
    }
}
