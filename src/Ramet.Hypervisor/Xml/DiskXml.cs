using System.Xml.Linq;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;

namespace Ramet.Hypervisor.Xml;

/// <summary>
/// Disk elements. The whole chain is written out, each layer with its format and the end marked by an empty
/// <c>backingStore</c>: libvirt then passes exactly that to QEMU and neither of them looks into an image to find out what it is
/// or what lies below it. A guest that writes a qcow2 header into its raw disk gains nothing.
/// </summary>
internal static class DiskXml
{
    /// <summary>User alias of the seed's drive: libvirt keeps aliases that begin with <c>ua-</c>.</summary>
    public const string SeedAlias = "ua-ramet-seed";

    /// <summary>
    /// A virtio disk. Cache: <c>writeback</c>, so that all clones of a parent share its blocks in the host's page cache (with
    /// <c>none</c> thirty booting clones read the same base thirty times); a guest's flush still reaches the disk.
    /// Discard: <c>unmap</c>, so that what a guest deletes leaves its layer. I/O stays with QEMU's threads: <c>native</c> needs
    /// O_DIRECT, <c>io_uring</c> is locked away on many hosts.
    /// </summary>
    public static XElement Disk(DomainDisk disk) => SetChain(
        new XElement(
            "disk", new XAttribute("device", "disk"),
            new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("cache", "writeback"), new XAttribute("discard", "unmap")),
            new XElement("target", new XAttribute("dev", disk.Target), new XAttribute("bus", "virtio"))),
        disk.Chain);

    /// <summary>Points a disk element at a chain and leaves everything else of it alone.</summary>
    public static XElement SetChain(XElement disk, IReadOnlyList<DomainLayer> chain)
    {
        disk.SetAttributeValue("type", "file");
        disk.Attribute("snapshot")?.Remove();
        disk.Elements("source").Remove();
        disk.Elements("backingStore").Remove();
        disk.Elements("mirror").Remove();
        disk.Elements("readonly").Remove();
        var driver = disk.Element("driver");
        if (driver is null)
            disk.AddFirst(driver = new XElement("driver", new XAttribute("name", "qemu")));
        driver.SetAttributeValue("type", Format(chain[0].Format));
        driver.AddAfterSelf(Source(chain[0], isSealed: false), Backing(chain, 1));
        return disk;
    }

    /// <summary>
    /// A read-only virtio disk, not a CD-ROM: kernels made for the cloud have no SATA (Debian's has CONFIG_SATA_AHCI off), and
    /// cloud-init finds its seed by the file system's label wherever it is.
    /// </summary>
    public static XElement Seed(string path, string target) => new(
        "disk", new XAttribute("type", "file"), new XAttribute("device", "disk"),
        new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "raw")),
        new XElement("source", new XAttribute("file", path), NoRelabel()),
        new XElement("target", new XAttribute("dev", target), new XAttribute("bus", "virtio")),
        new XElement("readonly"),
        new XElement("alias", new XAttribute("name", SeedAlias)));

    /// <summary>A <c>domainsnapshot</c> that moves the given disks onto files that exist, and no other disk.</summary>
    public static XElement Snapshot(IReadOnlyList<DomainDisk> disks, IEnumerable<string> allTargets)
    {
        var moved = disks.ToDictionary(d => d.Target, d => d.Chain[0]);
        return new XElement("domainsnapshot", new XElement("disks", allTargets.Select(target => moved.TryGetValue(target, out var layer)
            ? new XElement(
                "disk", new XAttribute("name", target), new XAttribute("snapshot", "external"), new XAttribute("type", "file"),
                new XElement("driver", new XAttribute("type", Format(layer.Format))),
                new XElement("source", new XAttribute("file", layer.Path)))
            : new XElement("disk", new XAttribute("name", target), new XAttribute("snapshot", "no")))));
    }

    /// <summary>The seed looks like a disk to the guest; to everybody else it is not one of the VM's.</summary>
    public static bool IsSeed(XElement disk) => disk.Element("alias")?.Attribute("name")?.Value == SeedAlias;

    public static string? Target(XElement disk) => disk.Element("target")?.Attribute("dev")?.Value;

    /// <summary>Device type <c>disk</c> is the default; others are <c>cdrom</c>, <c>floppy</c> and <c>lun</c>.</summary>
    public static string Device(XElement disk) => disk.Attribute("device")?.Value ?? "disk";

    public static string Format(ImageFormat format) => format switch
    {
        ImageFormat.Raw => "raw",
        ImageFormat.Qcow2 => "qcow2",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    public static ImageFormat? ParseFormat(string? format) => format switch
    {
        "raw" => ImageFormat.Raw,
        "qcow2" => ImageFormat.Qcow2,
        _ => null,
    };

    private static XElement Backing(IReadOnlyList<DomainLayer> chain, int index) => index == chain.Count
        ? new XElement("backingStore")
        : new XElement(
            "backingStore", new XAttribute("type", "file"),
            new XElement("format", new XAttribute("type", Format(chain[index].Format))),
            Source(chain[index], isSealed: true),
            Backing(chain, index + 1));

    /// <summary>libvirt gives what a domain uses to QEMU's user; a sealed layer keeps its owner and mode (it is readable by all).</summary>
    private static XElement Source(DomainLayer layer, bool isSealed) =>
        new("source", new XAttribute("file", layer.Path), isSealed ? NoRelabel() : null);

    private static XElement NoRelabel() => new("seclabel", new XAttribute("model", "dac"), new XAttribute("relabel", "no"));
}
