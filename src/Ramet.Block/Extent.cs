namespace Ramet.Block;

/// <summary>What a range of a device holds.</summary>
public enum ExtentKind
{
    /// <summary>Bytes are stored; they may still be zero.</summary>
    Data = 0,

    /// <summary>Reads as zeros, and says so itself: what lies below is hidden.</summary>
    Zero = 1,

    /// <summary>Nothing is stored: reads as zeros, or as what lies below in a chain.</summary>
    Hole = 2,
}

/// <summary>A range of one kind. Offset and length are bytes.</summary>
public readonly record struct Extent(long Offset, long Length, ExtentKind Kind)
{
    /// <summary>The first byte after the extent.</summary>
    public long End => Offset + Length;
}
