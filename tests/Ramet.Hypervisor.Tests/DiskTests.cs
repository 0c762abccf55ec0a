using System.Diagnostics;
using System.Xml.Linq;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;

namespace Ramet.Hypervisor.Tests;

public sealed class DiskTests(LibvirtFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_guest_moves_to_a_new_layer_and_its_definition_with_it()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var definition = await Guests.LinkedCloneAsync(fixture.Disks, "live");
        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.StartDomainAsync(definition.Id, Token);
        var switched = await Guests.LayerOnTopAsync(definition.Disks[0], Path.Combine(fixture.Disks, "live-b.qcow2"));

        Assert.False(await hypervisor.SwitchDisksAsync(definition.Id, [switched], quiesce: true, Token));
        // As after a crash between the switch and the record of it.
        Assert.False(await hypervisor.SwitchDisksAsync(definition.Id, [switched], quiesce: true, Token));

        Assert.Equal(switched.Chain[0].Path, (await hypervisor.GetDiskPathsAsync(definition.Id, Token))["vda"]);
        Assert.Equal(PowerState.Running, hypervisor.GetState(definition.Id));
        await AssertChainAsync(hypervisor, definition.Id, switched);

        await hypervisor.StopDomainAsync(definition.Id, TimeSpan.Zero, Token);
        Assert.Equal(switched.Chain[0].Path, (await hypervisor.GetDiskPathsAsync(definition.Id, Token))["vda"]);
        await hypervisor.StartDomainAsync(definition.Id, Token);
        await hypervisor.RemoveAsync([definition.Id], null, Token);
    }

    [Fact]
    public async Task A_guest_that_is_off_takes_any_chain()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var definition = await Guests.LinkedCloneAsync(fixture.Disks, "off");
        var other = await Guests.LinkedCloneAsync(fixture.Disks, "off-other");
        await hypervisor.DefineAsync([definition], null, Token);

        await hypervisor.SwitchDisksAsync(definition.Id, other.Disks, quiesce: true, Token);

        await AssertChainAsync(hypervisor, definition.Id, other.Disks[0]);
        var missing = await Assert.ThrowsAsync<RametException>(
            () => hypervisor.SwitchDisksAsync(definition.Id, [other.Disks[0] with { Target = "vdz" }], false, Token));
        Assert.Equal(ErrorKind.NotFound, missing.Kind);
        await hypervisor.RemoveAsync([definition.Id], null, Token);
    }

    [Fact]
    public async Task A_pull_makes_the_active_layer_independent()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var definition = await Guests.LinkedCloneAsync(fixture.Disks, "pull");
        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.StartDomainAsync(definition.Id, Token);

        await hypervisor.PullAsync(definition.Id, "vda", null, Token);

        Assert.False(await hypervisor.HasBlockJobAsync(definition.Id, "vda", Token));
        var active = definition.Disks[0].Chain[0];
        await AssertChainAsync(hypervisor, definition.Id, new DomainDisk("vda", [active]));
        await hypervisor.StopDomainAsync(definition.Id, TimeSpan.Zero, Token);
        Assert.DoesNotContain("backing file", await Guests.QemuImgAsync("info", active.Path), StringComparison.Ordinal);
        File.Delete(definition.Disks[0].Chain[1].Path);
        await hypervisor.StartDomainAsync(definition.Id, Token);
        await using var console = await hypervisor.OpenConsoleAsync(definition.Id, force: true, Token);
        Assert.Contains("RAMET", await LifecycleTests.ReadUntilAsync(console, "RAMET"), StringComparison.Ordinal);
        await hypervisor.RemoveAsync([definition.Id], null, Token);
    }

    [Fact]
    public async Task A_raw_disk_with_a_qcow2_header_inside_stays_raw()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var path = Path.Combine(fixture.Disks, "hostile.raw");
        await Guests.QemuImgAsync("create", "-q", "-f", "qcow2", "-F", "raw", "-b", "/etc/hostname", path, "1M");
        var definition = Guests.Definition("hostile", new DomainDisk("vda", [new DomainLayer(path, ImageFormat.Raw)]));
        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.StartDomainAsync(definition.Id, Token);

        var live = XElement.Parse(await VirshAsync("dumpxml", definition.Id.ToString())).Element("devices")!.Element("disk")!;
        Assert.Equal("raw", live.Element("driver")!.Attribute("type")!.Value);
        Assert.Empty(live.Elements("backingStore").Elements());
        await hypervisor.RemoveAsync([definition.Id], null, Token);
    }

    private async Task<string> VirshAsync(params string[] arguments)
    {
        using var virsh = Process.Start(new ProcessStartInfo("virsh", ["-q", "-c", fixture.Daemon.Uri, .. arguments]) { RedirectStandardOutput = true })!;
        return await virsh.StandardOutput.ReadToEndAsync(Token);
    }

    private static async Task AssertChainAsync(LibvirtHypervisor hypervisor, Guid id, DomainDisk expected)
    {
        var xml = XElement.Parse((await hypervisor.DescribeAsync(id.ToString(), Token)).Xml);
        var level = xml.Element("devices")!.Elements("disk").Single(d => d.Element("target")!.Attribute("dev")!.Value == expected.Target);
        Assert.Equal(expected.Chain[0].Format.ToString().ToLowerInvariant(), level.Element("driver")!.Attribute("type")!.Value);
        foreach (var layer in expected.Chain)
        {
            Assert.Equal(layer.Path, level.Element("source")!.Attribute("file")!.Value);
            level = level.Element("backingStore")!;
        }

        Assert.Empty(level.Elements());
    }
}
