using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>Counts uses of host clusters, in pages of 2 KiB that exist only where something is used; references strewn over a huge file are refused.</summary>
internal sealed class ClusterTally(long maxPages, string path)
{
    private const int PageBits = 9;
    private readonly SortedDictionary<long, uint[]> _pages = [];
    private long _lastIndex = -1;
    private uint[] _last = [];

    public IEnumerable<long> PageStarts => _pages.Keys.Select(k => k << PageBits);

    public static int PageLength => 1 << PageBits;

    /// <summary>One past the highest cluster counted.</summary>
    public long End { get; private set; }

    public void Add(long cluster)
    {
        Page(cluster >> PageBits)[cluster & (PageLength - 1)]++;
        End = Math.Max(End, cluster + 1);
    }

    public uint this[long cluster] =>
        _pages.TryGetValue(cluster >> PageBits, out var page) ? page[cluster & (PageLength - 1)] : 0;

    private uint[] Page(long index)
    {
        if (index == _lastIndex)
            return _last;
        if (!_pages.TryGetValue(index, out var page))
        {
            if (_pages.Count >= maxPages)
                throw new BlockException(BlockErrorKind.OverBudget, "check", path, "the image refers to more places than its size on disk can hold");
            _pages[index] = page = new uint[PageLength];
        }

        (_lastIndex, _last) = (index, page);
        return page;
    }
}
