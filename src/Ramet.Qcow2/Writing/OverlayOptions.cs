namespace Ramet.Qcow2;

/// <summary>The layout of new overlays, the same for a whole batch.</summary>
/// <param name="ClusterBits">log2 of the cluster size.</param>
/// <param name="ExtendedL2">Subclusters, a 32nd of a cluster each.</param>
public sealed record OverlayOptions(int ClusterBits = 16, bool ExtendedL2 = true)
{
    /// <summary>The best layout for the overlay of a linked clone.</summary>
    public static OverlayOptions Default { get; } = new();

    internal ClusterGeometry Geometry => new(ClusterBits, ExtendedL2, RefcountOrder: 4);
}
