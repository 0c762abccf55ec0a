namespace Ramet.Qcow2;

/// <summary>Header bytes 72-79: an image with a bit set that is not here must not be opened.</summary>
[Flags]
public enum IncompatibleFeatures : ulong
{
    None = 0,

    /// <summary>Bit 0: reference counts may be inconsistent.</summary>
    Dirty = 1 << 0,

    /// <summary>Bit 1: structures may be damaged; no writes.</summary>
    Corrupt = 1 << 1,

    /// <summary>Bit 2: guest clusters are in an external data file.</summary>
    ExternalDataFile = 1 << 2,

    /// <summary>Bit 3: compression_type is present and not zlib.</summary>
    CompressionType = 1 << 3,

    /// <summary>Bit 4: 16-byte L2 entries with subclusters.</summary>
    ExtendedL2 = 1 << 4,

    All = Dirty | Corrupt | ExternalDataFile | CompressionType | ExtendedL2,
}

/// <summary>Header bytes 80-87: bits that can be ignored.</summary>
[Flags]
public enum CompatibleFeatures : ulong
{
    None = 0,

    /// <summary>Bit 0: reference counts may be written late, under the dirty bit.</summary>
    LazyRefcounts = 1 << 0,
}

/// <summary>Header bytes 88-95: unknown bits must be cleared before writing.</summary>
[Flags]
public enum AutoclearFeatures : ulong
{
    None = 0,

    /// <summary>Bit 0: the bitmaps extension is consistent.</summary>
    Bitmaps = 1 << 0,

    /// <summary>Bit 1: the external data file is a plain raw image.</summary>
    RawExternalData = 1 << 1,

    All = Bitmaps | RawExternalData,
}

/// <summary>Header byte 104: how compressed clusters are compressed.</summary>
public enum CompressionType : byte
{
    Zlib = 0,
    Zstd = 1,
}
