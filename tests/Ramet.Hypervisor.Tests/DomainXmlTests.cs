using System.Xml.Linq;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Hypervisor.Xml;

namespace Ramet.Hypervisor.Tests;

/// <summary>What is written, without a libvirt to read it.</summary>
public sealed class DomainXmlTests
{
    private static readonly DomainDisk Disk = new("vda", [new("/srv/top.qcow2", ImageFormat.Qcow2), new("/srv/base.raw", ImageFormat.Raw)]);

    [Theory]
    [InlineData(VirtualizationType.Kvm, "kvm", "host-passthrough")]
    [InlineData(VirtualizationType.Qemu, "qemu", "maximum")]
    public void The_processor_follows_the_virtualization(VirtualizationType virtualization, string type, string mode)
    {
        var domain = Write(Guests.Definition("a", Disk), virtualization);

        Assert.Equal((type, mode), (domain.Attribute("type")!.Value, domain.Element("cpu")!.Attribute("mode")!.Value));
    }

    [Fact]
    public void Nothing_can_be_written_before_it_is_known_how_guests_run() =>
        Assert.Equal(
            ErrorKind.HostUnavailable,
            Assert.Throws<RametException>(() => Write(Guests.Definition("a", Disk), VirtualizationType.Unknown)).Kind);

    [Fact]
    public void Text_stays_text()
    {
        const string hostile = "x'/></metadata><devices><hostdev/></devices>&lol;\"";
        var domain = Write(Guests.Definition("a", Disk) with { Name = hostile, Description = hostile, Serial = hostile, SeedPath = hostile });

        Assert.Equal((hostile, hostile), (domain.Element("name")!.Value, domain.Element("description")!.Value));
        Assert.Single(domain.Elements("devices"));
        Assert.Empty(domain.Descendants("hostdev"));
    }

    [Fact]
    public void A_character_that_xml_lacks_is_an_invalid_argument() =>
        Assert.Equal(
            ErrorKind.InvalidArgument,
            Assert.Throws<RametException>(() => Write(Guests.Definition("a", Disk) with { Description = "a\u0001b" })).Kind);

    [Fact]
    public void The_chain_is_declared_to_its_end()
    {
        var disk = Write(Guests.Definition("a", Disk)).Element("devices")!.Element("disk")!;

        Assert.Equal(("qcow2", "unmap", "/srv/top.qcow2"), (
            disk.Element("driver")!.Attribute("type")!.Value, disk.Element("driver")!.Attribute("discard")!.Value,
            disk.Element("source")!.Attribute("file")!.Value));
        var backing = disk.Element("backingStore")!;
        Assert.Equal(("raw", "/srv/base.raw"), (backing.Element("format")!.Attribute("type")!.Value, backing.Element("source")!.Attribute("file")!.Value));
        Assert.Equal("no", backing.Element("source")!.Element("seclabel")!.Attribute("relabel")!.Value);
        Assert.True(backing.Element("backingStore") is { IsEmpty: true, HasAttributes: false });
    }

    [Fact]
    public void Another_machines_definition_gives_its_hardware_and_nothing_that_identifies_it()
    {
        var definition = Guests.Definition("clone", Disk) with { TemplateXml = Template, SeedPath = "/srv/seed.iso", Cpus = 2 };
        var domain = Write(definition);
        var devices = domain.Element("devices")!;

        Assert.Equal(("pc-q35-6.2", "Skylake-Client"), (
            domain.Element("os")!.Element("type")!.Attribute("machine")!.Value, domain.Element("cpu")!.Element("model")!.Value));
        Assert.Null(domain.Element("cpu")!.Element("topology"));
        Assert.Equal(["vda", "sda", "vdz"], devices.Elements("disk").Select(DiskXml.Target));
        Assert.Equal("scsi", devices.Elements("disk").First().Element("target")!.Attribute("bus")!.Value);
        Assert.Null(devices.Elements("disk").ElementAt(1).Element("source"));
        Assert.Equal("/srv/seed.iso", devices.Elements("disk").Last().Element("source")!.Attribute("file")!.Value);
        var nic = Assert.Single(devices.Elements("interface"));
        Assert.Equal(("bridge", "br7", "e1000", definition.Nics[0].Mac), (
            nic.Attribute("type")!.Value, nic.Element("source")!.Attribute("bridge")!.Value,
            nic.Element("model")!.Attribute("type")!.Value, nic.Element("mac")!.Attribute("address")!.Value));
        Assert.NotNull(nic.Element("address"));
        Assert.Equal((null, "yes"), (devices.Element("graphics")!.Attribute("port")?.Value, devices.Element("graphics")!.Attribute("autoport")!.Value));
        var text = domain.ToString();
        foreach (var foreign in (string[])["11111111-", "parent", "5901", "/nvram/", "/parent-agent", "52:54:00:aa", "/srv/secret", "/srv/old-seed", "vnet9"])
            Assert.DoesNotContain(foreign, text, StringComparison.Ordinal);
        Assert.Equal(definition.Id, RametMetadata.Read(domain));
    }

    [Fact]
    public void Its_own_definition_keeps_what_is_its_own()
    {
        var definition = Guests.Definition("parent", Disk) with { Id = Guid.Parse("11111111-1111-1111-1111-111111111111"), TemplateXml = Template, Cpus = 4 };
        definition = definition with { Nics = [definition.Nics[0] with { Network = null }] };
        var text = Write(definition).ToString();

        foreach (var own in (string[])["5901", "/nvram/parent_VARS.fd", "/parent-agent", "/srv/installer.iso", "br7", "<topology"])
            Assert.Contains(own, text, StringComparison.Ordinal);
        Assert.DoesNotContain("/srv/old-seed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/srv/secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_processor_that_only_kvm_has_is_replaced_under_emulation()
    {
        var template = Template.Replace("<cpu mode='custom'>", "<cpu mode='host-passthrough'>", StringComparison.Ordinal);

        var domain = Write(Guests.Definition("clone", Disk) with { TemplateXml = template });

        Assert.Equal("maximum", Assert.Single(domain.Elements("cpu")).Attribute("mode")!.Value);
    }

    private static XElement Write(DomainDefinition definition, VirtualizationType virtualization = VirtualizationType.Qemu)
    {
        if (definition.TemplateXml is not null)
            definition = definition with { Nics = [definition.Nics[0] with { Network = null }] };
        return XElement.Parse(new DomainXmlWriter(virtualization, "/srv/logs").Write(definition));
    }

    private const string Template = """
        <domain type='kvm' id='3'>
          <name>parent</name><uuid>11111111-1111-1111-1111-111111111111</uuid><genid>11111111-2222-1111-1111-111111111111</genid>
          <metadata><ramet:vm xmlns:ramet="https://ramet.dev/xmlns/domain/1.0" id="11111111-1111-1111-1111-111111111111"/></metadata>
          <memory unit='KiB'>4194304</memory><currentMemory unit='KiB'>4194304</currentMemory><vcpu placement='static'>4</vcpu>
          <sysinfo type='smbios'><system><entry name='serial'>parent-serial</entry><entry name='uuid'>11111111-1111-1111-1111-111111111111</entry></system></sysinfo>
          <os><type arch='x86_64' machine='pc-q35-6.2'>hvm</type><loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
            <nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd'>/var/lib/libvirt/qemu/nvram/parent_VARS.fd</nvram></os>
          <cpu mode='custom'><model>Skylake-Client</model><topology sockets='1' dies='1' cores='4' threads='1'/></cpu>
          <devices>
            <emulator>/usr/bin/kvm</emulator>
            <disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/><source file='/srv/parent.qcow2'/><target dev='vda' bus='scsi'/></disk>
            <disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='/srv/secret'/><target dev='vdb' bus='virtio'/></disk>
            <disk type='file' device='cdrom'><source file='/srv/installer.iso'/><target dev='sda' bus='sata'/><readonly/></disk>
            <disk type='file' device='disk'><source file='/srv/old-seed.iso'/><target dev='vdz' bus='virtio'/><readonly/><alias name='ua-ramet-seed'/></disk>
            <interface type='bridge'><mac address='52:54:00:aa:00:01'/><source bridge='br7'/><target dev='vnet9'/><model type='e1000'/>
              <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></interface>
            <interface type='bridge'><mac address='52:54:00:aa:00:02'/><source bridge='br8'/></interface>
            <serial type='pty'><log file='/srv/parent-console.log'/><target port='0'/></serial>
            <channel type='unix'><source mode='bind' path='/parent-agent.sock'/><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
            <graphics type='vnc' port='5901' autoport='no' listen='127.0.0.1'/>
          </devices>
        </domain>
        """;
}
