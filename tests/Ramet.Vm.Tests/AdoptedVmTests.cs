using Ramet.Contracts;
using Ramet.Testing.Live;

namespace Ramet.Vm.Tests;

/// <summary>A VM that libvirt had before Ramet, with its disk where somebody else put it.</summary>
public sealed class AdoptedVmTests(ClassFixture fixture) : IClassFixture<ClassFixture>
{
    [Fact]
    public async Task An_adopted_vm_is_cloned_and_its_disk_stays_where_it_is()
    {
        var server = fixture.Server;
        var client = server.Client;
        var disk = Path.Combine(fixture.Folder, "theirs.qcow2");
        var xml = Path.Combine(fixture.Folder, "theirs.xml");
        await LiveTools.RunAsync("cp", "--reflink=auto", "--sparse=always", fixture.Image, disk);
        await File.WriteAllTextAsync(xml, $"""
            <domain type='qemu'>
              <name>theirs</name>
              <memory unit='MiB'>512</memory>
              <vcpu>1</vcpu>
              <os><type arch='x86_64' machine='pc'>hvm</type></os>
              <features><acpi/></features>
              <cpu mode='maximum'/>
              <devices>
                <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{disk}'/><target dev='vda' bus='virtio'/></disk>
                <interface type='network'><source network='default'/><model type='virtio'/></interface>
                <serial type='pty'/>
                <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
              </devices>
            </domain>
            """);
        await LiveTools.RunAsync("virsh", "-q", "-c", fixture.Libvirt, "define", xml);

        await server.SucceedAsync(client.AdoptAsync(new AdoptRequest("theirs", CloudInit: "yes")));
        Assert.Equal(disk, Assert.Single((await client.GetVmAsync("theirs")).Disks).Path);
        await server.SucceedAsync(client.CreateSnapshotAsync("theirs", new SnapshotRequest("v1")));
        await server.SucceedAsync(client.CloneAsync(new CloneRequest("theirs@v1", "ours", Start: true)));
        var ours = fixture.Guest("ours");
        await ours.WaitUntilBootedAsync();
        Assert.Equal("ours", await ours.ShellAsync("hostname"));

        // The clone is a machine of the parent's kind, not of ours.
        Assert.Contains("pc-i440fx", await LiveTools.RunAsync("virsh", "-q", "-c", fixture.Libvirt, "dumpxml", "ours"), StringComparison.Ordinal);
        Assert.True(File.Exists(disk));
        await server.SucceedAsync(client.DeleteAsync(new DeleteRequest(["ours"], Force: true)));
        Assert.DoesNotContain((await client.DoctorAsync()).Findings, f => f.Severity != "info");
        await server.SucceedAsync(client.DeleteAsync(new DeleteRequest(["theirs"])));
        Assert.False(File.Exists(disk));
    }
}
