namespace Ramet.Core.VirtualMachines;

/// <summary>Where a VM stands in its life; its power state is the host's to tell. Persisted: values never change.</summary>
public enum VmLifecycle
{
    /// <summary>An operation is making it; a crash removes it.</summary>
    Creating = 0,
    Ready = 1,
    /// <summary>An operation is removing it; a crash goes on removing it.</summary>
    Deleting = 2,
}

/// <summary>How a VM boots. Persisted: values never change.</summary>
public enum Firmware
{
    Bios = 0,
    Uefi = 1,
}

/// <summary>Whether the guest makes itself a new identity from a cloud-init seed. Persisted: values never change.</summary>
public enum CloudInitSupport
{
    /// <summary>Nobody looked, nobody said.</summary>
    Unknown = 0,
    Yes = 1,
    No = 2,
}

/// <summary>A virtual machine under management.</summary>
public sealed class VirtualMachine
{
    /// <summary>Also the domain's UUID.</summary>
    public Guid Id { get; init; }

    /// <summary>Unique over all VMs; also the domain's name.</summary>
    public required string Name { get; set; }

    public string? Description { get; set; }

    public Guid HostId { get; set; }

    public VmLifecycle Lifecycle { get; set; }

    /// <summary>The snapshot it is a linked clone of; null for a parent of its own, and after promote.</summary>
    public Guid? OriginSnapshotId { get; set; }

    /// <summary>Name of the snapshot it once came from, "debian12@v1"; kept after promote.</summary>
    public string? OriginName { get; set; }

    public int Cpus { get; set; }

    public int MemoryMiB { get; set; }

    public Firmware Firmware { get; set; }

    public CloudInitSupport CloudInit { get; set; }

    /// <summary>True for a VM that libvirt had before Ramet.</summary>
    public bool Adopted { get; init; }

    /// <summary>VM generation id: new at each clone, refresh and revert.</summary>
    public Guid GenerationId { get; set; }

    /// <summary>SMBIOS type 1 serial number.</summary>
    public required string Serial { get; set; }

    /// <summary>Content of the guest's /etc/machine-id (32 hex digits); null when Ramet does not give it one.</summary>
    public string? MachineId { get; set; }

    public required string Hostname { get; set; }

    /// <summary>cloud-init's instance-id; a new one makes the guest make itself new.</summary>
    public required string InstanceId { get; set; }

    /// <summary>The user's own user-data; null for none.</summary>
    public string? UserData { get; set; }

    /// <summary>One public key a line; null for none.</summary>
    public string? SshKeys { get; set; }

    /// <summary>Absolute path of the seed ISO; null when it has none.</summary>
    public string? SeedPath { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public List<VmDisk> Disks { get; init; } = [];

    public List<VmNic> Nics { get; init; } = [];
}

/// <summary>A disk of a VM and the layer it writes to.</summary>
public sealed class VmDisk
{
    public Guid Id { get; init; }

    public Guid VmId { get; init; }

    /// <summary>Device name, such as "vda".</summary>
    public required string Target { get; init; }

    /// <summary>The active layer.</summary>
    public Guid LayerId { get; set; }
}

/// <summary>A network interface of a VM.</summary>
public sealed class VmNic
{
    public Guid Id { get; init; }

    public Guid VmId { get; init; }

    /// <summary>Position in the domain, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Unique over all VMs.</summary>
    public required string Mac { get; set; }

    /// <summary>libvirt network; null when the interface has another kind of source.</summary>
    public string? Network { get; set; }
}
