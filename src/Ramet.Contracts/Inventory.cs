namespace Ramet.Contracts;

/// <summary>A host.</summary>
/// <param name="Virtualization">kvm, qemu (software emulation) or unknown.</param>
/// <param name="VirtualizationReason">Why not KVM.</param>
public sealed record Host(
    Guid Id, string Name, string Uri, bool Connected, string? Error, string Virtualization, string? VirtualizationReason,
    string? LibvirtVersion, string? QemuVersion, int Cpus, long MemoryBytes, IReadOnlyList<Network> Networks, int Vms);

/// <summary>A host's network.</summary>
public sealed record Network(string Name, bool Active, bool Autostart, string? Bridge);

/// <summary>A datastore; sizes in bytes.</summary>
public sealed record Datastore(Guid Id, string Name, string Path, string? Tier, long TotalBytes, long FreeBytes, long LayerBytes, int Layers);

public sealed record DatastoreRequest(string Name, string Path, string? Tier = null);

/// <summary>A node of the lineage tree: a VM with its snapshots below, or a snapshot with its clones below.</summary>
/// <param name="Type">vm or snapshot.</param>
/// <param name="State">A VM's state; null for a snapshot.</param>
public sealed record TreeNode(string Type, string Name, string? State, int Depth, long AllocatedBytes, IReadOnlyList<TreeNode> Children);

/// <summary>Space of VMs, in bytes.</summary>
/// <param name="FullCopiesBytes">What the same VMs would take as full copies.</param>
/// <param name="ActualBytes">What they take: every layer once.</param>
public sealed record Usage(IReadOnlyList<VmUsage> Vms, long ActualBytes, long FullCopiesBytes, long SavedBytes);

/// <summary>Space of one VM, in bytes.</summary>
/// <param name="ExclusiveBytes">Of layers that only this VM's chains hold.</param>
/// <param name="SharedBytes">Of layers that it shares.</param>
/// <param name="FullCopyBytes">What a full copy of it would take: what its whole chain holds.</param>
public sealed record VmUsage(string Name, string? Origin, long VirtualSize, long ExclusiveBytes, long SharedBytes, long FullCopyBytes, long SavedBytes);

/// <summary>What the doctor found.</summary>
/// <param name="Healthy">Nothing of severity error.</param>
public sealed record DoctorReport(bool Healthy, IReadOnlyList<Finding> Findings, IReadOnlyList<Check> Checks);

/// <summary>Something that is not as it should be.</summary>
/// <param name="Severity">error, warning or info.</param>
/// <param name="Code">Stable word, such as "unknown-file".</param>
public sealed record Finding(string Severity, string Code, string Object, string Message, string Remedy);

/// <summary>Something that was looked at.</summary>
public sealed record Check(string Name, bool Ok, string Detail);

/// <summary>The server's version.</summary>
public sealed record VersionInfo(string Version, string Runtime, string? LibvirtVersion, string? QemuVersion, string ApiVersion);

/// <summary>An API token without its secret.</summary>
public sealed record Token(string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <param name="ExpiresInDays">Null never expires.</param>
public sealed record TokenRequest(string Name, int? ExpiresInDays = null);

/// <summary>A new token; the secret is shown this once.</summary>
public sealed record CreatedToken(string Name, string Secret, DateTimeOffset? ExpiresAt);
