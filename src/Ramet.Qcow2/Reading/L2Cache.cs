using Ramet.Block;

namespace Ramet.Qcow2;

// Tables are immutable once loaded and handed out by reference, so that a reader can go on with one that was evicted meanwhile.
// Lock order: only _gate, never held during I/O; two readers that miss the same table both load it, and the second one's copy is dropped.

/// <summary>L2 tables in host byte order, a bounded number of them, the least recently used evicted by the clock rule.</summary>
internal sealed class L2Cache(RawFile file, ClusterGeometry geometry, int budgetBytes)
{
    private readonly Lock _gate = new();
    private readonly int _capacity = Math.Max(1, budgetBytes / geometry.ClusterSize);
    private readonly Dictionary<long, int> _slots = [];
    private readonly List<(long Offset, ulong[] Table, bool Used)> _clock = [];
    private int _hand;

    /// <summary>The table at a cluster-aligned offset inside the file.</summary>
    public ulong[] Get(long offset)
    {
        lock (_gate)
            if (_slots.TryGetValue(offset, out var slot))
            {
                _clock[slot] = _clock[slot] with { Used = true };
                return _clock[slot].Table;
            }

        var table = TableIo.Read(file, offset, geometry.ClusterSize / 8);
        lock (_gate)
        {
            if (_slots.TryGetValue(offset, out var slot))
                return _clock[slot].Table;
            if (_clock.Count < _capacity)
            {
                _slots[offset] = _clock.Count;
                _clock.Add((offset, table, true));
                return table;
            }

            while (_clock[_hand].Used)
            {
                _clock[_hand] = _clock[_hand] with { Used = false };
                _hand = (_hand + 1) % _clock.Count;
            }

            _slots.Remove(_clock[_hand].Offset);
            _slots[offset] = _hand;
            _clock[_hand] = (offset, table, true);
            _hand = (_hand + 1) % _clock.Count;
            return table;
        }
    }
}
