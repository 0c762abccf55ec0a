using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Hosts;

/// <summary>
/// All that a host must know to define one domain. With <see cref="TemplateXml"/> (the definition kept by the snapshot that
/// the VM is cloned from) everything that this record does not name is taken over from there; without it a new definition
/// is written from scratch.
/// </summary>
public sealed record DomainDefinition
{
    /// <summary>The VM's id; becomes the domain's UUID.</summary>
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required int Cpus { get; init; }

    public required int MemoryMiB { get; init; }

    public required Firmware Firmware { get; init; }

    /// <summary>VM generation id (Microsoft's "Virtual Machine Generation ID"; libvirt's genid).</summary>
    public required Guid GenerationId { get; init; }

    /// <summary>SMBIOS type 1 serial number.</summary>
    public required string Serial { get; init; }

    public required IReadOnlyList<DomainDisk> Disks { get; init; }

    public required IReadOnlyList<DomainNic> Nics { get; init; }

    /// <summary>ISO 9660 image with the cloud-init seed, attached as a read-only disk; null for none.</summary>
    public string? SeedPath { get; init; }

    /// <summary>Domain XML to take over from; null to write one from scratch.</summary>
    public string? TemplateXml { get; init; }
}

/// <summary>A disk of a domain: its chain from the active layer down to the base, each with its declared format.</summary>
/// <param name="Target">Device name in the domain, such as "vda".</param>
/// <param name="Chain">Active layer first; nothing in it is probed.</param>
public sealed record DomainDisk(string Target, IReadOnlyList<DomainLayer> Chain);

/// <summary>One file of a chain.</summary>
public sealed record DomainLayer(string Path, ImageFormat Format);

/// <summary>A network interface of a domain.</summary>
/// <param name="Mac">Such as "52:54:1a:2b:3c:4d".</param>
/// <param name="Network">Name of a libvirt network; null keeps the template's source.</param>
public sealed record DomainNic(string Mac, string? Network);
