namespace Ramet.Block;

/// <summary>A device that can be written. What is written is durable only after <see cref="IFlushableDevice.Flush"/>.</summary>
public interface IWritableDevice : IBlockDevice
{
    /// <summary>Writes the whole <paramref name="buffer"/> at <paramref name="offset"/>.</summary>
    void Write(long offset, ReadOnlySpan<byte> buffer);

    /// <summary>Makes the range read as zeros, giving its space back where the storage can.</summary>
    void WriteZeroes(long offset, long length);
}
