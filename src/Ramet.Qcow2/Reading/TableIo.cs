using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>Reads tables of 8-byte big-endian entries.</summary>
internal static class TableIo
{
    /// <summary>The entries in host byte order. A table that the file does not hold whole is <see cref="BlockErrorKind.Truncated"/>.</summary>
    public static ulong[] Read(RawFile file, long offset, int entries)
    {
        if (offset < 0 || offset > file.Length - entries * 8L)
            throw new BlockException(BlockErrorKind.Truncated, "read table", file.Path, $"{entries} entries reach beyond the end of the file at {file.Length}", offset);
        var table = GC.AllocateUninitializedArray<ulong>(entries);
        file.Read(offset, MemoryMarshal.AsBytes(table.AsSpan()));
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(table, table);
        return table;
    }
}
