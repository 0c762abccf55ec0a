using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>What the opener of a qcow2 layer decides; the image's own header decides none of it.</summary>
public sealed record Qcow2OpenOptions
{
    /// <summary>What unallocated clusters show; null: zeros. Not disposed with the layer.</summary>
    public IBlockDevice? Backing { get; init; }

    /// <summary>The external data file, if the image has one and the caller allows it. Not disposed with the layer.</summary>
    public RawFile? DataFile { get; init; }

    /// <summary>Memory for L2 tables, in bytes; one table is always kept.</summary>
    public int L2CacheBytes { get; init; } = 8 << 20;
}
