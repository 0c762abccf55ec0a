namespace Ramet.Qcow2;

/// <summary>An offset on the virtual disk, split as the tables split it (spec: "Given an offset into the virtual disk").</summary>
internal readonly record struct GuestOffset(long Value)
{
    public int L1Index(in ClusterGeometry g) => (int)(Value >> (g.ClusterBits + g.L2Bits));

    public int L2Index(in ClusterGeometry g) => (int)(Value >> g.ClusterBits) & (g.L2Entries - 1);

    public int InCluster(in ClusterGeometry g) => (int)(Value & (g.ClusterSize - 1));

    /// <summary>0 to 31 with extended L2 entries, always 0 without.</summary>
    public int Subcluster(in ClusterGeometry g) => g.ExtendedL2 ? InCluster(g) >> g.UnitBits : 0;

    /// <summary>Bytes from here to the end of what the L2 table maps.</summary>
    public long ToL2End(in ClusterGeometry g) => g.L2Coverage - (Value & (g.L2Coverage - 1));
}
