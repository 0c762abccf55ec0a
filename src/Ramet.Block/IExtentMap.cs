namespace Ramet.Block;

/// <summary>A device that knows which of its ranges hold data, so that copies and scans need not read zeros.</summary>
public interface IExtentMap
{
    /// <summary>The extent that starts at <paramref name="offset"/>: at least one byte, at most what one look at the metadata tells.</summary>
    /// <remarks>Neighbouring extents may have the same kind; <see cref="ExtentWalk"/> joins them.</remarks>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.OutOfRange"/> when the offset is not inside the device.</exception>
    Extent GetExtent(long offset);
}
