using System.Globalization;
using System.Xml.Linq;

namespace Ramet.Hypervisor.Xml;

/// <summary>
/// A definition to write over. Kept: machine type, CPU, features, controllers, PCI addresses (so that a guest finds its devices
/// where the image expects them), disk and NIC models. Gone: identity and sizes; from another VM's definition also removable media and
/// every path or port on the host that two machines cannot share, which libvirt chooses again.
/// </summary>
internal static class DomainTemplate
{
    /// <summary>What the writer sets, and what only fits one size of machine.</summary>
    private static readonly string[] Owned =
        ["name", "uuid", "genid", "title", "description", "memory", "currentMemory", "maxMemory", "vcpu", "vcpus", "numatune", "cputune"];

    /// <param name="domain">Changed in place.</param>
    /// <param name="own">Whether it is the same VM's: then its NVRAM, media, ports and logs stay.</param>
    /// <param name="cpus">The number of virtual CPUs it shall have.</param>
    public static XElement Strip(XElement domain, bool own, int cpus)
    {
        domain.Elements().Where(e => e.Name.NamespaceName.Length == 0 && Owned.Contains(e.Name.LocalName)).Remove();
        domain.Attribute("id")?.Remove();
        domain.Elements("cpu").Elements("numa").Remove();
        domain.Elements("cpu").Elements("topology").Where(t => !Fits(t, cpus)).Remove();

        if (domain.Element("devices") is not { } devices)
            domain.Add(devices = new XElement("devices"));
        // Memory modules need the maxMemory that went. The emulator of a KVM definition may be another than the one we run.
        devices.Elements().Where(e => e.Name.LocalName is "memory" or "emulator").Remove();
        devices.Elements("disk").Where(DiskXml.IsSeed).Remove();
        if (!own)
            MakeForeign(domain, devices);
        return domain;
    }

    private static void MakeForeign(XElement domain, XElement devices)
    {
        domain.Elements("seclabel").Remove();
        // The firmware's template stays, the variables file is the other VM's.
        foreach (var nvram in domain.Elements("os").Elements("nvram"))
        {
            nvram.RemoveNodes();
            nvram.Attribute("type")?.Remove();
        }

        // The other VM's seed may be among the media, and with it the other VM's identity.
        foreach (var drive in devices.Elements("disk").Where(d => DiskXml.Device(d) is "cdrom" or "floppy"))
            drive.Elements().Where(e => e.Name.LocalName is "source" or "backingStore").Remove();
        foreach (var nic in devices.Elements("interface"))
        {
            nic.Elements("target").Where(t => t.Attribute("managed")?.Value != "no").Remove();
            nic.Elements("filterref").Elements("parameter").Where(p => p.Attribute("name")?.Value is "IP" or "MAC").Remove();
        }

        foreach (var graphics in devices.Elements("graphics"))
            FreePorts(graphics);
        devices.Elements("channel").Where(c => c.Attribute("type")?.Value == "unix").Elements("source").Remove();
        devices.Elements().Where(e => e.Name.LocalName is "serial" or "console" or "parallel").Elements("log").Remove();
        foreach (var cid in devices.Elements("vsock").Elements("cid"))
            cid.ReplaceAttributes(new XAttribute("auto", "yes"));
    }

    private static void FreePorts(XElement graphics)
    {
        var sockets = graphics.Attribute("socket") is not null;
        graphics.Attributes().Where(a => a.Name.LocalName is "port" or "tlsPort" or "websocket" or "socket").Remove();
        foreach (var listen in graphics.Elements("listen"))
        {
            sockets |= listen.Attribute("type")?.Value == "socket";
            listen.Attribute("socket")?.Remove();
        }

        if (!sockets && graphics.Attribute("type")?.Value is "vnc" or "spice")
            graphics.SetAttributeValue("autoport", "yes");
    }

    private static bool Fits(XElement topology, int cpus) =>
        topology.Attributes().Aggregate(1, (product, a) => product * (int.TryParse(a.Value, CultureInfo.InvariantCulture, out var n) ? n : 1)) == cpus;
}
