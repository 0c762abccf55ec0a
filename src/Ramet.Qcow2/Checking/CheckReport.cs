namespace Ramet.Qcow2;

/// <summary>What a check can find. The numbers are stable.</summary>
public enum CheckFindingKind
{
    /// <summary>A reference leads beyond the end of the file.</summary>
    BeyondEnd = 1,

    /// <summary>A reference is not cluster aligned, or an entry contradicts itself.</summary>
    BadEntry = 2,

    /// <summary>A table is used twice where it can be used only once.</summary>
    SharedTable = 3,

    /// <summary>A cluster is used more often than its reference count says: it would be overwritten or reused.</summary>
    RefcountTooLow = 4,

    /// <summary>COPIED is set on a shared cluster, or missing on one that is not.</summary>
    WrongCopiedFlag = 5,

    /// <summary>A cluster's reference count is higher than its uses: space is lost, nothing else.</summary>
    Leak = 6,
}

/// <summary>One finding.</summary>
/// <param name="Kind">What.</param>
/// <param name="Offset">Where in the file, in bytes: of the entry, or of the cluster for reference counts.</param>
/// <param name="Detail">For people.</param>
public sealed record CheckFinding(CheckFindingKind Kind, long Offset, string Detail);

/// <summary>The result of <see cref="Qcow2Check"/>.</summary>
public sealed record CheckReport
{
    /// <summary>The first findings of each kind; there may be more than are listed.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>Number of findings that endanger data.</summary>
    public required long Corruptions { get; init; }

    /// <summary>Number of leaked clusters.</summary>
    public required long Leaks { get; init; }

    /// <summary>References beyond the end of the file, counted in <see cref="Corruptions"/> too: the file was cut.</summary>
    public required long BeyondEnd { get; init; }

    /// <summary>Guest clusters of the active disk that have a place in the file.</summary>
    public required long AllocatedClusters { get; init; }

    /// <summary>Those of them that are compressed.</summary>
    public required long CompressedClusters { get; init; }

    /// <summary>The first byte after the last cluster in use.</summary>
    public required long ImageEndOffset { get; init; }

    /// <summary>No corruption; leaks are allowed.</summary>
    public bool IsSound => Corruptions == 0;

    public bool IsClean => Corruptions == 0 && Leaks == 0;
}
