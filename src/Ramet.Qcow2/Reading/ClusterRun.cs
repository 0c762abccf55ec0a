namespace Ramet.Qcow2;

internal enum ClusterRunKind
{
    /// <summary>This layer has nothing: the backing decides.</summary>
    Unallocated,

    /// <summary>Zeros, whatever the backing has.</summary>
    Zero,

    /// <summary>Bytes at <see cref="ClusterRun.HostOffset"/>, contiguous for the whole run.</summary>
    Data,

    /// <summary>One compressed cluster, or the rest of it.</summary>
    Compressed,
}

/// <summary>How a run of guest bytes is stored.</summary>
/// <param name="Kind">How.</param>
/// <param name="Length">Guest bytes.</param>
/// <param name="HostOffset">Of the first byte for data; unused otherwise.</param>
/// <param name="Entry">The L2 entry of the first cluster.</param>
internal readonly record struct ClusterRun(ClusterRunKind Kind, long Length, long HostOffset = 0, L2Entry Entry = default);
