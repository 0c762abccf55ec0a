namespace Ramet.Qcow2;

/// <summary>The layout of new overlays, the same for a whole batch.</summary>
/// <param name="ClusterBits">log2 of the cluster size.</param>
/// <param name="ExtendedL2">Subclusters, a 32nd of a cluster each.</param>
public sealed record OverlayOptions(int ClusterBits = 17, bool ExtendedL2 = true)
{
    /// <summary>Plain clusters of 64 KiB: what every QEMU can work on live.</summary>
    /// <remarks>
    /// Subclusters would be faster and smaller. A clone's typical write is the first touch of 4 KiB somewhere; 8192 of them, each in a
    /// cluster of its own, over a base full of data (qemu-img bench, depth 32, QEMU 7.2, mean of two runs on a busy machine): plain 64 KiB
    /// 1.2 s and 512 MiB on disk, since each copies a whole cluster from the base; 128 KiB with subclusters of 4 KiB 0.33 s and 33 MiB.
    /// But QEMU before 8.1 aligns copy-on-read to clusters and then meets a subcluster: a live block pull of a guest that writes ends in
    /// "bdrv_co_do_copy_on_readv: Assertion `skip_bytes &lt; pnum' failed", and with the guest. Seen on Debian 12's 7.2; so not by default.
    /// </remarks>
    public static OverlayOptions Default { get; } = new(ClusterBits: 16, ExtendedL2: false);

    internal ClusterGeometry Geometry => new(ClusterBits, ExtendedL2, RefcountOrder: 4);
}
