namespace Ramet.Storage.Seeds;

// ECMA-119 9.1, directory record:
// Byte  0        length of the record, even
//       1        length of an extended attribute record, 0
//       2 -  9   first sector of the extent, both byte orders
//      10 - 17   length of the extent in bytes, both byte orders
//      18 - 24   date: years since 1900, month, day, hour, minute, second, offset in quarters of an hour
//      25        flags: bit 1 directory
//      26        file unit size, 0 (not interleaved)
//      27        interleave gap, 0
//      28 - 31   volume sequence number, 1, both byte orders
//      32        length of the identifier
//      33 -  n   identifier: 00 for the directory itself, 01 for the one above; a 0 follows when its length is even
//       n -      system use: SUSP entries

/// <summary>An entry of a directory: where an extent is and what it is called.</summary>
internal readonly ref struct DirectoryRecord(ReadOnlySpan<byte> identifier, int sector, int length, bool isDirectory, ReadOnlySpan<byte> systemUse = default)
{
    private const int Fixed = 33;
    private const byte DirectoryFlag = 2;

    // Seeds of the same content are the same bytes, so that the date is one for all: 2000-01-01 UTC.
    private static ReadOnlySpan<byte> Date => [100, 1, 1, 0, 0, 0, 0];

    private readonly ReadOnlySpan<byte> _identifier = identifier;
    private readonly ReadOnlySpan<byte> _systemUse = systemUse;

    /// <summary>The directory's own record.</summary>
    public static ReadOnlySpan<byte> Self => [0];

    /// <summary>The record of the directory above.</summary>
    public static ReadOnlySpan<byte> Above => [1];

    private int SystemUseAt => Fixed + _identifier.Length + (_identifier.Length % 2 == 0 ? 1 : 0);

    /// <summary>Bytes that the record takes.</summary>
    public int Size => SystemUseAt + _systemUse.Length + 1 & ~1;

    public void Write(Span<byte> to)
    {
        to[0] = (byte)Size;
        BothEndian.Write32(to[2..], sector);
        BothEndian.Write32(to[10..], length);
        Date.CopyTo(to[18..]);
        to[25] = isDirectory ? DirectoryFlag : (byte)0;
        BothEndian.Write16(to[28..], 1);
        to[32] = (byte)_identifier.Length;
        _identifier.CopyTo(to[Fixed..]);
        _systemUse.CopyTo(to[SystemUseAt..]);
    }
}
