namespace Ramet.Block;

/// <summary>Walks the extents of a device, joining neighbours of the same kind.</summary>
public static class ExtentWalk
{
    /// <summary>The extents of the whole device, in order and without gaps; a device without a map is all data.</summary>
    public static IEnumerable<Extent> Over(IBlockDevice device) => Over(device, 0, device.Length);

    /// <summary>The extents of a range of the device, clipped to the range.</summary>
    public static IEnumerable<Extent> Over(IBlockDevice device, long offset, long length)
    {
        var end = checked(offset + length);
        if (length <= 0)
            yield break;
        if (device is not IExtentMap map)
        {
            yield return new Extent(offset, length, ExtentKind.Data);
            yield break;
        }

        var start = offset;
        ExtentKind? kind = null;
        for (var at = offset; at < end;)
        {
            var next = map.GetExtent(at);
            if (kind is { } current && current != next.Kind)
            {
                yield return new Extent(start, at - start, current);
                start = at;
            }

            kind = next.Kind;
            at = Math.Min(next.End, end);
        }

        yield return new Extent(start, end - start, kind!.Value);
    }
}
