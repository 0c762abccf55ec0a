namespace Ramet.Contracts;

/// <summary>A named point of a VM.</summary>
/// <param name="FullName">"debian12@v1".</param>
/// <param name="Parent">Name of the snapshot before it; null for the VM's first.</param>
/// <param name="State">creating, ready, deleting.</param>
/// <param name="Quiesced">Whether the guest's file systems were frozen.</param>
/// <param name="Clones">Linked clones made from it.</param>
public sealed record Snapshot(
    Guid Id, string Name, string FullName, string Vm, string? Description, string? Parent, string State, bool Live, bool Quiesced, int Clones,
    DateTimeOffset CreatedAt, IReadOnlyList<Layer> Layers);

/// <summary>Make a snapshot.</summary>
public sealed record SnapshotRequest(string Name, string? Description = null);
