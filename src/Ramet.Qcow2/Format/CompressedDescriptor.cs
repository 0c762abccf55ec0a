namespace Ramet.Qcow2;

// With x = 62 - (cluster_bits - 8):
// Bit  0 - x-1  host offset of the compressed data, not aligned
//      x - 61   number of 512-byte sectors after the one that holds the first byte

/// <summary>The descriptor of a compressed cluster.</summary>
/// <param name="HostOffset">First byte of the compressed data.</param>
/// <param name="Length">Bytes up to the end of the last sector; the data may end earlier.</param>
internal readonly record struct CompressedDescriptor(long HostOffset, int Length)
{
    private const int Sector = 512;

    public static CompressedDescriptor From(L2Entry entry, int clusterBits)
    {
        var x = 62 - (clusterBits - 8);
        var descriptor = entry.Raw & ~(L2Entry.CompressedFlag | L2Entry.CopiedFlag);
        var offset = (long)(descriptor & ((1UL << x) - 1));
        var sectors = (int)(descriptor >> x) + 1;
        return new CompressedDescriptor(offset, sectors * Sector - (int)(offset & (Sector - 1)));
    }
}
