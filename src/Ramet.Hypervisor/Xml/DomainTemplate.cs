using System.Xml.Linq;

namespace Ramet.Hypervisor.Xml;

/// <summary>
/// Another VM's definition without what made it that VM. Kept: machine type, features, controllers, PCI addresses (so that a guest finds its
/// devices where the image expects them), disk and NIC models. Gone: identity, sizes, removable media, and every path or
/// port on the host that two machines cannot share; libvirt chooses those again.
/// </summary>
internal static class DomainTemplate
{
    private static readonly string[] Owned =
        ["name", "uuid", "genid", "title", "description", "memory", "currentMemory", "maxMemory", "vcpu", "vcpus", "cpu", "seclabel", "numatune", "cputune"];

    public static XElement Strip(XElement domain)
    {
        domain.Elements().Where(e => e.Name.NamespaceName.Length == 0 && Owned.Contains(e.Name.LocalName)).Remove();
        domain.Attribute("id")?.Remove();

        // The firmware's template stays, the variables file is this VM's own.
        foreach (var nvram in domain.Elements("os").Elements("nvram"))
        {
            nvram.RemoveNodes();
            nvram.Attribute("type")?.Remove();
        }

        // A definition from before it needed KVM, or the other way round: the emulator fits the type again.
        if (domain.Element("devices") is not { } devices)
            domain.Add(devices = new XElement("devices"));
        devices.Elements("emulator").Remove();
        devices.Elements("disk").Where(d => d.Element("alias")?.Attribute("name")?.Value == DiskXml.SeedAlias).Remove();
        foreach (var drive in devices.Elements("disk").Where(d => DiskXml.Device(d) is "cdrom" or "floppy"))
            drive.Elements().Where(e => e.Name.LocalName is "source" or "backingStore").Remove();
        foreach (var nic in devices.Elements("interface"))
        {
            nic.Elements("target").Where(t => t.Attribute("managed")?.Value != "no").Remove();
            nic.Elements("filterref").Elements("parameter").Where(p => p.Attribute("name")?.Value is "IP" or "MAC").Remove();
        }

        foreach (var graphics in devices.Elements("graphics"))
            Free(graphics);
        devices.Elements("channel").Where(c => c.Attribute("type")?.Value == "unix").Elements("source").Remove();
        devices.Elements().Where(e => e.Name.LocalName is "serial" or "console" or "parallel").Elements("log").Remove();
        foreach (var cid in devices.Elements("vsock").Elements("cid"))
            cid.ReplaceAttributes(new XAttribute("auto", "yes"));
        return domain;
    }

    private static void Free(XElement graphics)
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
}
