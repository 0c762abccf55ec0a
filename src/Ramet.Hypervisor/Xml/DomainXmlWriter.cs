using System.Xml.Linq;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.VirtualMachines;

namespace Ramet.Hypervisor.Xml;

/// <summary>
/// Writes a libvirt domain definition (formatdomain.html), either from scratch or over another VM's. Built as a tree, so that no name or
/// description can add an element. What makes a machine unique is set here and nowhere else: name, UUID, generation id, SMBIOS
/// serial, MAC addresses, disk files, seed, NVRAM, and host-side paths and ports that libvirt shall choose again.
/// </summary>
internal sealed class DomainXmlWriter(VirtualizationType virtualization, string? consoleLogFolder)
{
    /// <summary>Text to hand to virDomainDefineXML.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>: a character that XML cannot carry.</exception>
    public string Write(DomainDefinition definition)
    {
        try
        {
            var domain = definition.TemplateXml is { } template
                ? Over(XElement.Parse(template), definition)
                : Scratch(definition);
            Identify(domain, definition);
            Size(domain, definition);
            Disks(domain, definition);
            Nics(domain, definition);
            ConsoleLog(domain, definition.Id);
            return domain.ToString(SaveOptions.DisableFormatting);
        }
        catch (ArgumentException e)
        {
            throw new RametException(
                ErrorKind.InvalidArgument, $"the definition of {definition.Name} cannot be written: {e.Message}",
                "Use printable characters in the name and the description", definition.Name, inner: e);
        }
    }

    /// <summary>The CPU that guests get: all the host has under KVM, all the emulator can do without.</summary>
    public static XElement Cpu(VirtualizationType virtualization) => virtualization == VirtualizationType.Kvm
        ? new XElement("cpu", new XAttribute("mode", "host-passthrough"), new XAttribute("check", "none"), new XAttribute("migratable", "on"))
        : new XElement("cpu", new XAttribute("mode", "maximum"), new XAttribute("check", "none"), new XAttribute("migratable", "on"));

    /// <summary>libvirt's word for it.</summary>
    public static string Type(VirtualizationType virtualization) => virtualization switch
    {
        VirtualizationType.Kvm => "kvm",
        VirtualizationType.Qemu => "qemu",
        _ => throw new RametException(ErrorKind.HostUnavailable, "it is not known yet how guests run on this host", "Wait until the host is connected"),
    };

    private static XElement Over(XElement template, DomainDefinition definition)
    {
        var own = Guid.TryParse(template.Element("uuid")?.Value, out var id) && id == definition.Id;
        return DomainTemplate.Strip(template, own, definition.Cpus);
    }

    private static XElement Scratch(DomainDefinition definition) => new(
        "domain",
        new XElement("os", Firmware(definition.Firmware), new XElement("type", new XAttribute("arch", "x86_64"), new XAttribute("machine", "q35"), "hvm"),
            new XElement("boot", new XAttribute("dev", "hd"))),
        new XElement("features", new XElement("acpi"), new XElement("apic")),
        new XElement("clock", new XAttribute("offset", "utc")),
        new XElement("on_poweroff", "destroy"),
        new XElement("on_reboot", "restart"),
        new XElement("on_crash", "destroy"),
        new XElement(
            "devices",
            new XElement("serial", new XAttribute("type", "pty"), new XElement("target", new XAttribute("port", "0"))),
            new XElement("console", new XAttribute("type", "pty"), new XElement("target", new XAttribute("type", "serial"), new XAttribute("port", "0"))),
            new XElement(
                "channel", new XAttribute("type", "unix"),
                new XElement("target", new XAttribute("type", "virtio"), new XAttribute("name", "org.qemu.guest_agent.0"))),
            new XElement("rng", new XAttribute("model", "virtio"), new XElement("backend", new XAttribute("model", "random"), "/dev/urandom")),
            // What a guest no longer uses goes back to the host, where its siblings want it.
            new XElement("memballoon", new XAttribute("model", "virtio"), new XAttribute("freePageReporting", "on")),
            // A unix socket that only QEMU's user and root reach: a loopback port would be open to every local user, without a password.
            new XElement("graphics", new XAttribute("type", "vnc"), new XElement("listen", new XAttribute("type", "socket"))),
            new XElement("video", new XElement("model", new XAttribute("type", "vga"))),
            // An xHCI controller does not poll while idle as UHCI does; the tablet makes the VNC pointer absolute.
            new XElement("controller", new XAttribute("type", "usb"), new XAttribute("model", "qemu-xhci")),
            new XElement("input", new XAttribute("type", "tablet"), new XAttribute("bus", "usb"))));

    /// <summary>UEFI without Secure Boot, whose firmware needs system management mode (slow to emulate) and signed boot loaders.</summary>
    private static object[] Firmware(Firmware firmware) => firmware == Core.VirtualMachines.Firmware.Bios
        ? []
        :
        [
            new XAttribute("firmware", "efi"),
            new XElement(
                "firmware",
                new XElement("feature", new XAttribute("enabled", "no"), new XAttribute("name", "enrolled-keys")),
                new XElement("feature", new XAttribute("enabled", "no"), new XAttribute("name", "secure-boot"))),
        ];

    private void Identify(XElement domain, DomainDefinition definition)
    {
        domain.SetAttributeValue("type", Type(virtualization));
        domain.AddFirst(
            new XElement("name", definition.Name), new XElement("uuid", definition.Id), new XElement("genid", definition.GenerationId),
            string.IsNullOrEmpty(definition.Description) ? null : new XElement("description", definition.Description));
        RametMetadata.Write(domain, definition.Id);

        var sysinfo = domain.Elements("sysinfo").FirstOrDefault(s => s.Attribute("type")?.Value == "smbios");
        if (sysinfo is null)
            domain.Add(sysinfo = new XElement("sysinfo", new XAttribute("type", "smbios")));
        var system = sysinfo.Element("system");
        if (system is null)
            sysinfo.Add(system = new XElement("system"));
        system.Elements("entry").Where(e => e.Attribute("name")?.Value is "serial" or "uuid").Remove();
        system.Add(new XElement("entry", new XAttribute("name", "serial"), definition.Serial));
        var os = domain.Element("os")!;
        os.Elements("smbios").Remove();
        os.Add(new XElement("smbios", new XAttribute("mode", "sysinfo")));
    }

    private void Size(XElement domain, DomainDefinition definition)
    {
        domain.Add(
            new XElement("memory", new XAttribute("unit", "MiB"), definition.MemoryMiB),
            new XElement("currentMemory", new XAttribute("unit", "MiB"), definition.MemoryMiB),
            new XElement("vcpu", definition.Cpus));
        var cpu = domain.Element("cpu");
        if (cpu is null || (virtualization != VirtualizationType.Kvm && cpu.Attribute("mode")?.Value == "host-passthrough"))
        {
            cpu?.Remove();
            domain.Add(Cpu(virtualization));
        }
    }

    private static void Disks(XElement domain, DomainDefinition definition)
    {
        var devices = domain.Element("devices")!;
        var kept = devices.Elements("disk").Where(d => DiskXml.Device(d) == "disk").ToDictionary(d => DiskXml.Target(d) ?? "");
        foreach (var disk in definition.Disks)
        {
            if (kept.Remove(disk.Target, out var element))
                DiskXml.SetChain(element, disk.Chain);
            else
                devices.Add(DiskXml.Disk(disk));
        }

        // Whatever the definition does not name belongs to another machine: two writers would destroy it.
        foreach (var foreign in kept.Values)
            foreign.Remove();
        if (definition.SeedPath is { } seed)
            devices.Add(DiskXml.Seed(seed, FreeTarget(devices)));
    }

    private static void Nics(XElement domain, DomainDefinition definition)
    {
        var devices = domain.Element("devices")!;
        var kept = devices.Elements("interface").ToList();
        for (var i = 0; i < definition.Nics.Count; i++)
        {
            var nic = definition.Nics[i];
            if (i < kept.Count)
                Readdress(kept[i], nic);
            else
                devices.Add(Readdress(new XElement("interface", new XElement("model", new XAttribute("type", "virtio"))), nic with { Network = nic.Network ?? "default" }));
        }

        foreach (var extra in kept.Skip(definition.Nics.Count))
            extra.Remove();
    }

    private static XElement Readdress(XElement element, DomainNic nic)
    {
        element.Elements("mac").Remove();
        element.AddFirst(new XElement("mac", new XAttribute("address", nic.Mac)));
        if (nic.Network is { } network)
        {
            element.SetAttributeValue("type", "network");
            element.Elements("source").Remove();
            element.Element("mac")!.AddAfterSelf(new XElement("source", new XAttribute("network", network)));
        }

        return element;
    }

    private void ConsoleLog(XElement domain, Guid id)
    {
        if (consoleLogFolder is null || domain.Element("devices")!.Element("serial") is not { } serial || serial.Element("log") is not null)
            return;
        // virtlogd writes it and keeps it bounded (virtlogd.conf: 2 MiB and three older files).
        serial.Add(new XElement("log", new XAttribute("file", LogPath(consoleLogFolder, id)), new XAttribute("append", "on")));
    }

    public static string LogPath(string folder, Guid id) => Path.Combine(folder, $"{id}.log");

    /// <summary>The last free name, so that the guest's own disks keep the first ones.</summary>
    private static string FreeTarget(XElement devices)
    {
        var taken = devices.Elements("disk").Select(DiskXml.Target).ToHashSet();
        return Enumerable.Range('a', 26).Reverse().Select(c => $"vd{(char)c}").First(t => !taken.Contains(t));
    }
}
