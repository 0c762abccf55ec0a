using System.Xml.Linq;
using Ramet.Core.Hosts;
using Ramet.Core.VirtualMachines;

namespace Ramet.Testing.Hosts;

/// <summary>
/// A domain of a <see cref="FakeHypervisor"/>. Like libvirt it has two faces: the persistent definition and, while it runs,
/// the live one. A redefinition changes the first and reaches the second at the next start.
/// </summary>
public sealed class FakeDomain
{
    internal FakeDomain(DomainDefinition definition, Guid? rametVmId)
    {
        Definition = definition;
        RametVmId = rametVmId;
    }

    public Guid Id => Definition.Id;

    public string Name => Definition.Name;

    /// <summary>What it is at the next start.</summary>
    public DomainDefinition Definition { get; internal set; }

    /// <summary>Ramet's metadata element; null for a domain that Ramet never defined.</summary>
    public Guid? RametVmId { get; internal set; }

    public bool Persistent { get; init; } = true;

    public PowerState State { get; internal set; } = PowerState.Stopped;

    /// <summary>What it runs with; null when it is off.</summary>
    public IReadOnlyList<DomainDisk>? LiveDisks { get; internal set; }

    /// <summary>How often it was booted.</summary>
    public int Boots { get; internal set; }

    /// <summary>Whether the guest has an agent that answers (while it runs).</summary>
    public bool HasAgent { get; set; }

    /// <summary>A guest that takes no notice of agent or ACPI: only destroy stops it.</summary>
    public bool IgnoresShutdown { get; set; }

    public IReadOnlyList<GuestAddress> Addresses { get; set; } = [];

    /// <summary>Targets of disks that a block job works on, such as one that an earlier server began.</summary>
    public HashSet<string> BlockJobs { get; } = [];

    /// <summary>What programs in the guest answer, by path and arguments.</summary>
    public Func<string, IReadOnlyList<string>, GuestCommandResult>? Guest { get; set; }

    /// <summary>Targets of disks that are no files.</summary>
    public IReadOnlyList<string> UnsupportedDisks { get; init; } = [];

    /// <summary>The guest's side of the serial console.</summary>
    public FakeConsole Console { get; } = new();

    internal bool IsActive => State is not (PowerState.Stopped or PowerState.Crashed or PowerState.Unknown);

    /// <summary>What it stands on now: live when it runs, else what is defined.</summary>
    internal IReadOnlyList<DomainDisk> CurrentDisks => LiveDisks ?? Definition.Disks;

    internal DomainDescription Describe() => new(
        Id, Name, ToXml().ToString(), State, Persistent, RametVmId, Definition.Description, Definition.Cpus, Definition.MemoryMiB,
        Definition.Firmware, Definition.GenerationId, Definition.Serial,
        [.. Definition.Disks.Select(d => new DescribedDisk(d.Target, d.Chain[0].Path, d.Chain[0].Format, ReadOnly: false))],
        UnsupportedDisks, [.. Definition.Nics.Select(n => new DescribedNic(n.Mac, n.Network))]);

    /// <summary>The parts of libvirt's format that Ramet's own documents name.</summary>
    private XElement ToXml() => new(
        "domain", new XAttribute("type", "qemu"),
        new XElement("name", Name),
        new XElement("uuid", Id),
        new XElement("genid", Definition.GenerationId),
        Definition.Description is { } text ? new XElement("description", text) : null,
        new XElement("memory", new XAttribute("unit", "MiB"), Definition.MemoryMiB),
        new XElement("vcpu", Definition.Cpus),
        new XElement(
            "os", Definition.Firmware == Firmware.Uefi ? new XAttribute("firmware", "efi") : null, new XElement("type", "hvm")),
        new XElement("devices", Definition.Disks.Select(DiskXml), Definition.Nics.Select(NicXml)));

    private static XElement DiskXml(DomainDisk disk) => new(
        "disk", new XAttribute("type", "file"), new XAttribute("device", "disk"),
        new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", FormatName(disk.Chain[0]))),
        new XElement("source", new XAttribute("file", disk.Chain[0].Path)),
        BackingXml(disk.Chain, 1),
        new XElement("target", new XAttribute("dev", disk.Target), new XAttribute("bus", "virtio")));

    private static XElement BackingXml(IReadOnlyList<DomainLayer> chain, int index) => index == chain.Count
        ? new XElement("backingStore")
        : new XElement(
            "backingStore", new XAttribute("type", "file"),
            new XElement("format", new XAttribute("type", FormatName(chain[index]))),
            new XElement("source", new XAttribute("file", chain[index].Path)),
            BackingXml(chain, index + 1));

    private static XElement NicXml(DomainNic nic) => new(
        "interface", new XAttribute("type", "network"),
        new XElement("mac", new XAttribute("address", nic.Mac)),
        new XElement("source", new XAttribute("network", nic.Network ?? "default")));

    private static string FormatName(DomainLayer layer) => layer.Format switch
    {
        Core.Layers.ImageFormat.Raw => "raw",
        Core.Layers.ImageFormat.Qcow2 => "qcow2",
        var other => throw new InvalidOperationException($"no name for {other}"),
    };
}
