using System.Globalization;
using System.Xml.Linq;
using Ramet.Core.Hosts;
using Ramet.Core.VirtualMachines;

namespace Ramet.Hypervisor.Xml;

/// <summary>Reads what libvirt says of a domain.</summary>
internal static class DomainXmlReader
{
    public static DomainDescription Describe(string xml, PowerState state, bool persistent)
    {
        var domain = XElement.Parse(xml);
        var disks = domain.Elements("devices").Elements("disk").Where(d => DiskXml.Device(d) is "disk" or "lun" && !DiskXml.IsSeed(d)).ToList();
        return new DomainDescription(
            Guid.Parse(domain.Element("uuid")!.Value),
            domain.Element("name")!.Value,
            xml,
            state,
            persistent,
            RametMetadata.Read(domain),
            domain.Element("description")?.Value,
            int.Parse(domain.Element("vcpu")?.Value ?? "1", CultureInfo.InvariantCulture),
            MemoryMiB(domain.Element("memory")),
            IsUefi(domain) ? Firmware.Uefi : Firmware.Bios,
            Guid.TryParse(domain.Element("genid")?.Value, out var generation) ? generation : null,
            domain.Elements("sysinfo").Elements("system").Elements("entry").FirstOrDefault(e => e.Attribute("name")?.Value == "serial")?.Value,
            [.. disks.Where(IsFile).Select(Disk)],
            [.. disks.Where(d => !IsFile(d)).Select(d => DiskXml.Target(d) ?? "?")],
            [.. domain.Elements("devices").Elements("interface").Select(Nic)]);
    }

    /// <summary>Target to path of the file-backed disks.</summary>
    public static IReadOnlyDictionary<string, string> DiskPaths(string xml) =>
        XElement.Parse(xml).Elements("devices").Elements("disk")
            .Where(d => IsFile(d) && !DiskXml.IsSeed(d))
            .Select(Disk)
            .ToDictionary(d => d.Target, d => d.Path);

    private static bool IsFile(XElement disk) =>
        disk.Attribute("type")?.Value == "file" && DiskXml.Device(disk) == "disk" && disk.Element("source")?.Attribute("file") is not null;

    private static DescribedDisk Disk(XElement disk) => new(
        DiskXml.Target(disk) ?? "?", disk.Element("source")!.Attribute("file")!.Value,
        DiskXml.ParseFormat(disk.Element("driver")?.Attribute("type")?.Value), disk.Element("readonly") is not null);

    private static DescribedNic Nic(XElement nic) =>
        new(nic.Element("mac")?.Attribute("address")?.Value ?? "", nic.Element("source")?.Attribute("network")?.Value);

    private static bool IsUefi(XElement domain) =>
        domain.Element("os") is { } os
        && (os.Attribute("firmware")?.Value == "efi" || os.Element("loader")?.Attribute("type")?.Value == "pflash");

    /// <summary>libvirt always answers in KiB; a kept document may have been written by hand.</summary>
    private static int MemoryMiB(XElement? memory)
    {
        if (memory is null)
            return 0;
        var bytes = long.Parse(memory.Value, CultureInfo.InvariantCulture) * (memory.Attribute("unit")?.Value switch
        {
            "b" or "bytes" => 1,
            "KB" => 1000,
            "MB" => 1000 * 1000,
            "GB" => 1000L * 1000 * 1000,
            "M" or "MiB" => 1L << 20,
            "G" or "GiB" => 1L << 30,
            "T" or "TiB" => 1L << 40,
            _ => 1024L,
        });
        return (int)(bytes >> 20);
    }
}
