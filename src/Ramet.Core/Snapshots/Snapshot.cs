namespace Ramet.Core.Snapshots;

/// <summary>Where a snapshot stands in its life. Persisted: values never change.</summary>
public enum SnapshotState
{
    /// <summary>An operation is making it.</summary>
    Creating = 0,
    Ready = 1,
    Deleting = 2,
}

/// <summary>A named point of a VM: one sealed layer per disk, plus the VM's definition.</summary>
public sealed class Snapshot
{
    public Guid Id { get; init; }

    public Guid VmId { get; init; }

    /// <summary>Unique within the VM.</summary>
    public required string Name { get; set; }

    public string? Description { get; set; }

    public SnapshotState State { get; set; }

    /// <summary>The VM's snapshot before this one; null for its first.</summary>
    public Guid? ParentSnapshotId { get; set; }

    /// <summary>The domain's inactive XML when the snapshot was made.</summary>
    public required string DefinitionXml { get; set; }

    /// <summary>Whether the guest's file systems were frozen; false for one taken live without an agent (crash-consistent).</summary>
    public bool Quiesced { get; set; }

    /// <summary>Whether the VM ran when it was made.</summary>
    public bool Live { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public List<SnapshotDisk> Disks { get; init; } = [];
}

/// <summary>A disk's layer in a snapshot.</summary>
public sealed class SnapshotDisk
{
    public Guid Id { get; init; }

    public Guid SnapshotId { get; init; }

    public required string Target { get; init; }

    /// <summary>The sealed layer.</summary>
    public Guid LayerId { get; set; }
}
