namespace Ramet.Contracts;

/// <summary>A VM.</summary>
/// <param name="State">running, paused, stopping, stopped, crashed, suspended, unknown; or creating, deleting.</param>
/// <param name="Origin">Snapshot that it is a linked clone of, "debian12@v1"; null for none.</param>
/// <param name="Depth">Number of layers of its deepest chain.</param>
/// <param name="CloudInit">yes, no, unknown: whether the guest makes itself a new identity.</param>
/// <param name="Firmware">bios or uefi.</param>
public sealed record VirtualMachine(
    Guid Id, string Name, string? Description, string Host, string State, string? Origin, int Depth, int Cpus, int MemoryMiB,
    string Firmware, string CloudInit, bool Adopted, string Hostname, string? MachineId, Guid GenerationId, string Serial, string InstanceId,
    DateTimeOffset CreatedAt, IReadOnlyList<Disk> Disks, IReadOnlyList<Nic> Nics, int Snapshots, int Clones);

/// <summary>A VM's disk.</summary>
/// <param name="Chain">Active layer first; filled for a single VM, empty in listings.</param>
public sealed record Disk(string Target, long VirtualSize, string Path, string Format, int Depth, IReadOnlyList<Layer> Chain);

/// <summary>A layer of a chain.</summary>
/// <param name="State">creating, active, sealing, sealed, deleting.</param>
/// <param name="Sharers">VMs whose chains hold it.</param>
public sealed record Layer(Guid Id, string Path, string Format, string State, string Datastore, long VirtualSize, string? Digest, int Sharers);

/// <summary>A VM's network interface.</summary>
public sealed record Nic(string Mac, string? Network);

/// <summary>An address that a guest has.</summary>
/// <param name="Source">agent, lease or arp.</param>
public sealed record Address(string Interface, string? Mac, string Ip, int PrefixLength, string Source);

/// <summary>Which VMs a call is about; the parts add up, duplicates count once.</summary>
/// <param name="Names">Names, or patterns with * and ?.</param>
/// <param name="AllClonesOf">A snapshot ("debian12@v1") or a VM ("debian12").</param>
public record VmSelection(IReadOnlyList<string>? Names = null, string? AllClonesOf = null);

/// <summary>Stop or restart.</summary>
/// <param name="GraceSeconds">How long the guest may take before it is destroyed; default 60.</param>
/// <param name="Force">Destroy at once.</param>
public sealed record StopRequest(IReadOnlyList<string>? Names = null, string? AllClonesOf = null, int? GraceSeconds = null, bool Force = false)
    : VmSelection(Names, AllClonesOf);

/// <summary>Delete.</summary>
/// <param name="PromoteClones">Make the dependents independent first.</param>
/// <param name="WithClones">Delete the dependents too.</param>
/// <param name="Force">Delete although a VM runs.</param>
public sealed record DeleteRequest(
    IReadOnlyList<string>? Names = null, string? AllClonesOf = null, bool PromoteClones = false, bool WithClones = false, bool Force = false)
    : VmSelection(Names, AllClonesOf);

/// <summary>Import an image file or URL as a VM.</summary>
/// <param name="Source">Absolute path on the server's machine, or an http(s) URL.</param>
/// <param name="Sha256">Of the file's bytes; verified before anything is made of it.</param>
/// <param name="Format">qcow2 or raw; null: qcow2 when the header says so and the name ends in .qcow2, else it has to be said.</param>
/// <param name="CloudInit">yes, no or auto.</param>
public sealed record ImportRequest(
    string Source, string Name, string? Sha256 = null, string? Format = null, string? Datastore = null, int? Cpus = null, int? MemoryMiB = null,
    string? Network = null, string? Firmware = null, string? CloudInit = null, string? UserData = null, string? SshKeys = null,
    string? Description = null, bool Start = false);

/// <summary>Take a VM that libvirt has under management.</summary>
/// <param name="Domain">Its name or UUID there.</param>
public sealed record AdoptRequest(string Domain, string? CloudInit = null);

/// <summary>Clone a snapshot (or a VM: its newest snapshot, or one made now).</summary>
/// <param name="Source">"debian12@v1" or "debian12".</param>
/// <param name="Name">A name, or a pattern: "seat-{01..10}", "{a,b}-vm".</param>
/// <param name="Full">Independent copies instead of linked clones.</param>
public sealed record CloneRequest(
    string Source, string Name, bool Start = false, int? Cpus = null, int? MemoryMiB = null, bool Full = false, string? Datastore = null,
    string? Network = null, string? UserData = null, string? SshKeys = null, string? Description = null);

/// <summary>What would be in the way of deleting VMs.</summary>
/// <param name="Dependents">VMs whose disks stand on theirs, at any depth.</param>
/// <param name="PromoteBytes">What promoting the dependents would write.</param>
public sealed record DeletePreview(IReadOnlyList<string> Targets, IReadOnlyList<string> Dependents, IReadOnlyList<string> Snapshots, long FreedBytes, long PromoteBytes);
