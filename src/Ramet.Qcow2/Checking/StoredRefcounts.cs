using Ramet.Block;

namespace Ramet.Qcow2;

/// <summary>Reference counts as the image stores them; a block that cannot be read counts nothing.</summary>
internal sealed class StoredRefcounts(RawFile file, ClusterGeometry geometry, ulong[] table)
{
    private const int Slots = 64;
    private readonly (long Index, byte[] Block)[] _cache = [.. Enumerable.Repeat((-1L, Array.Empty<byte>()), Slots)];

    public ulong this[long cluster]
    {
        get
        {
            var block = Block(cluster / geometry.RefcountsPerBlock);
            return block.Length == 0 ? 0 : RefcountBlock.Get(block, geometry.RefcountOrder, (int)(cluster % geometry.RefcountsPerBlock));
        }
    }

    /// <summary>The block that counts clusters from index × RefcountsPerBlock on, or nothing.</summary>
    public byte[] Block(long index)
    {
        ref var slot = ref _cache[index % Slots];
        if (slot.Index != index)
            slot = (index, Load(index));
        return slot.Block;
    }

    private byte[] Load(long index)
    {
        if (index >= table.Length)
            return [];
        var offset = new RefcountTableEntry(table[index]).BlockOffset;
        if (offset == 0 || offset > (ulong)(file.Length - geometry.ClusterSize) || !geometry.IsAligned((long)offset)
            || file.IsHole((long)offset, geometry.ClusterSize))
            return [];
        var block = new byte[geometry.ClusterSize];
        file.Read((long)offset, block);
        return block;
    }
}
