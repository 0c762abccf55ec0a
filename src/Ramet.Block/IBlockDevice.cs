namespace Ramet.Block;

/// <summary>
/// A readable run of bytes addressed by absolute offset: a file, one image layer, or a whole chain.
/// </summary>
/// <remarks>
/// Calls are synchronous on purpose: the bytes are in the page cache or on a local disk, and callers run on threads of their own.
/// There is no position, so any number of threads may read at once. What more a device can do it says by the small interfaces
/// beside this one (<see cref="IWritableDevice"/>, <see cref="IFlushableDevice"/>, <see cref="IExtentMap"/>): test with <c>is</c>.
/// </remarks>
public interface IBlockDevice : IDisposable
{
    /// <summary>Size in bytes. It need not be a multiple of any sector size.</summary>
    long Length { get; }

    /// <summary>Fills the whole <paramref name="buffer"/> from <paramref name="offset"/>.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.OutOfRange"/> when the range is not inside the device; otherwise what the storage reported.</exception>
    void Read(long offset, Span<byte> buffer);
}
