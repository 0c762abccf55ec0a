using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Hosts;

/// <summary>What a host says of a domain that it has, read from its inactive definition (its live one when transient).</summary>
/// <param name="Id">UUID.</param>
/// <param name="Name">Domain name.</param>
/// <param name="Xml">Inactive XML.</param>
/// <param name="State">At the moment of asking.</param>
/// <param name="Persistent">False for a transient domain.</param>
/// <param name="RametVmId">The VM id in Ramet's metadata element; null for a domain that Ramet does not manage.</param>
/// <param name="Disks">Disks of device type "disk" with a file source; others are named in <paramref name="UnsupportedDisks"/>.</param>
/// <param name="UnsupportedDisks">Targets of disks whose source is not a file (block, network, volume).</param>
public sealed record DomainDescription(
    Guid Id, string Name, string Xml, PowerState State, bool Persistent, Guid? RametVmId, string? Description,
    int Cpus, int MemoryMiB, Firmware Firmware, Guid? GenerationId, string? Serial,
    IReadOnlyList<DescribedDisk> Disks, IReadOnlyList<string> UnsupportedDisks, IReadOnlyList<DescribedNic> Nics);

/// <summary>A file-backed disk found in a definition; the format is the one that the definition declares.</summary>
public sealed record DescribedDisk(string Target, string Path, ImageFormat? Format, bool ReadOnly);

/// <summary>A network interface found in a definition.</summary>
public sealed record DescribedNic(string Mac, string? Network);

/// <summary>A domain in a listing.</summary>
public sealed record DomainSummary(Guid Id, string Name, PowerState State, Guid? RametVmId);
