using System.Text;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;

namespace Ramet.Hypervisor.Tests;

/// <summary>Real guests, whichever way they run here.</summary>
public sealed class LifecycleTests(LibvirtFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_is_known_and_the_probe_tells_how_guests_run()
    {
        var hypervisor = await fixture.HypervisorAsync();

        var status = hypervisor.Status;
        Assert.True(status is { Connected: true, Cpus: > 0, MemoryBytes: > 1 << 28 });
        Assert.True(Version.Parse(status.LibvirtVersion!) >= new Version(9, 0));
        Assert.True(Version.Parse(status.QemuVersion!) >= new Version(7, 2));
        Assert.Equal(status.Virtualization == VirtualizationType.Kvm, status.VirtualizationReason is null);
        Assert.NotEqual(VirtualizationType.Unknown, status.Virtualization);
        TestContext.Current.TestOutputHelper?.WriteLine($"{status}");
    }

    [Fact]
    public async Task A_guest_is_defined_boots_speaks_stops_and_is_removed()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var definition = await Guests.LinkedCloneAsync(fixture.Disks, "boots");
        using var subscription = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var events = hypervisor.SubscribeAsync(subscription.Token);

        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.StartDomainAsync(definition.Id, Token);
        Assert.Equal(PowerState.Running, hypervisor.GetState(definition.Id));
        await hypervisor.StartDomainAsync(definition.Id, Token);
        Assert.False(await hypervisor.HasBlockJobAsync(definition.Id, "vda", Token));
        await using (var console = await hypervisor.OpenConsoleAsync(definition.Id, force: false, Token))
        {
            Assert.Contains("RAMET", await ReadUntilAsync(console, "RAMET"), StringComparison.Ordinal);
            await console.WriteAsync("ignored"u8.ToArray(), Token);
            var taken = await Assert.ThrowsAsync<RametException>(() => hypervisor.OpenConsoleAsync(definition.Id, force: false, Token));
            Assert.Equal(ErrorKind.Busy, taken.Kind);
            await using var second = await hypervisor.OpenConsoleAsync(definition.Id, force: true, Token);
            Assert.Contains("RAMET", await ReadUntilAsync(second, "RAMET"), StringComparison.Ordinal);
            await Assert.ThrowsAsync<IOException>(() => ReadUntilAsync(console, "never said"));
        }

        Assert.Contains("RAMET", await File.ReadAllTextAsync(Path.Combine(fixture.ConsoleLogs, $"{definition.Id}.log"), Token), StringComparison.Ordinal);

        await hypervisor.StopDomainAsync(definition.Id, TimeSpan.FromSeconds(1), Token);
        Assert.Equal(PowerState.Stopped, hypervisor.GetState(definition.Id));
        Assert.False(await hypervisor.HasBlockJobAsync(definition.Id, "vda", Token));
        Assert.Equal(ErrorKind.InvalidState, (await Assert.ThrowsAsync<RametException>(() => hypervisor.OpenConsoleAsync(definition.Id, false, Token))).Kind);
        await hypervisor.StopDomainAsync(definition.Id, TimeSpan.Zero, Token);
        await hypervisor.RemoveAsync([definition.Id, Guid.NewGuid()], null, Token);

        var seen = new List<(HypervisorEventKind, PowerState)>();
        await foreach (var happened in events)
        {
            if (happened.DomainId != definition.Id)
                continue;
            seen.Add((happened.Kind, happened.State));
            if (happened.Kind == HypervisorEventKind.Undefined)
                break;
        }

        Assert.Equal((HypervisorEventKind.Defined, PowerState.Stopped), seen[0]);
        Assert.Contains((HypervisorEventKind.StateChanged, PowerState.Running), seen);
        Assert.Contains((HypervisorEventKind.StateChanged, PowerState.Stopped), seen);
        Assert.Equal(PowerState.Unknown, hypervisor.GetState(definition.Id));
        Assert.Empty(Directory.GetFiles(fixture.ConsoleLogs, definition.Id + "*"));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<RametException>(() => hypervisor.StartDomainAsync(definition.Id, Token))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<RametException>(() => hypervisor.DescribeAsync("boots", Token))).Kind);
    }

    [Fact]
    public async Task What_was_defined_is_what_is_described()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var definition = await Guests.LinkedCloneAsync(fixture.Disks, "described") with { Description = "</description><devices><disk/></devices> & \"ü\"" };
        await hypervisor.DefineAsync([definition], null, Token);

        var found = await hypervisor.DescribeAsync("described", Token);

        Assert.Equal((definition.Id, definition.Name, definition.Description), (found.Id, found.Name, found.Description));
        Assert.Equal((definition.Id, definition.GenerationId, definition.Serial), (found.RametVmId!.Value, found.GenerationId!.Value, found.Serial));
        Assert.Equal((1, 32, true, PowerState.Stopped), (found.Cpus, found.MemoryMiB, found.Persistent, found.State));
        Assert.Equal((definition.Nics[0].Mac, "default"), (Assert.Single(found.Nics).Mac, found.Nics[0].Network));
        Assert.Equal((definition.Disks[0].Chain[0].Path, Core.Layers.ImageFormat.Qcow2), (Assert.Single(found.Disks).Path, found.Disks[0].Format));
        Assert.Equal(found.Xml, (await hypervisor.DescribeAsync(definition.Id.ToString(), Token)).Xml);
        var listed = Assert.Single(await hypervisor.ListDomainsAsync(Token), d => d.Id == definition.Id);
        Assert.Equal(new DomainSummary(definition.Id, "described", PowerState.Stopped, definition.Id), listed);

        // Another machine of that name.
        var error = await Assert.ThrowsAsync<RametException>(() => hypervisor.DefineAsync([definition with { Id = Guid.NewGuid() }], null, Token));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        await hypervisor.RemoveAsync([definition.Id], null, Token);
    }

    [Fact]
    public async Task A_clone_of_a_template_boots_beside_its_parent()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var parent = await Guests.LinkedCloneAsync(fixture.Disks, "template-parent");
        var seed = Path.Combine(fixture.Disks, "seed.iso");
        await File.WriteAllBytesAsync(seed, new byte[4096], Token);
        await hypervisor.DefineAsync([parent with { SeedPath = seed }], null, Token);
        await hypervisor.StartDomainAsync(parent.Id, Token);
        var described = await hypervisor.DescribeAsync(parent.Name, Token);
        Assert.Equal(["vda"], described.Disks.Select(d => d.Target));
        Assert.Equal(["vda"], (await hypervisor.GetDiskPathsAsync(parent.Id, Token)).Keys);
        var xml = described.Xml;
        var clone = await Guests.LinkedCloneAsync(fixture.Disks, "template-clone") with { TemplateXml = xml };

        await hypervisor.DefineAsync([clone], null, Token);
        await hypervisor.StartDomainAsync(clone.Id, Token);

        var found = await hypervisor.DescribeAsync(clone.Name, Token);
        Assert.Equal((clone.Serial, clone.Nics[0].Mac), (found.Serial, found.Nics[0].Mac));
        Assert.DoesNotContain(parent.Id.ToString(), found.Xml, StringComparison.Ordinal);
        Assert.DoesNotContain("seed.iso", found.Xml, StringComparison.Ordinal);
        Assert.Equal(PowerState.Running, hypervisor.GetState(parent.Id));
        await hypervisor.RemoveAsync([parent.Id, clone.Id], null, Token);
    }

    [Fact]
    public async Task Uefi_guests_are_defined_and_leave_no_nvram()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var definition = await Guests.LinkedCloneAsync(fixture.Disks, "uefi") with { Firmware = Core.VirtualMachines.Firmware.Uefi, MemoryMiB = 128 };
        var nvram = Path.Combine(fixture.Daemon.Folder, "lib/qemu/nvram");
        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.StartDomainAsync(definition.Id, Token);

        Assert.Equal(Core.VirtualMachines.Firmware.Uefi, (await hypervisor.DescribeAsync("uefi", Token)).Firmware);
        Assert.NotEmpty(Directory.GetFiles(nvram, "uefi*"));
        await hypervisor.RemoveAsync([definition.Id], null, Token);
        Assert.Empty(Directory.GetFiles(nvram, "uefi*"));
    }

    [Fact]
    public async Task Networks_are_listed_and_a_silent_guest_has_no_addresses_and_no_agent()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var definition = await Guests.LinkedCloneAsync(fixture.Disks, "silent");
        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.StartDomainAsync(definition.Id, Token);

        var network = Assert.Single(await hypervisor.ListNetworksAsync(Token));
        Assert.True(network is { Name: "default", Active: true, Bridge.Length: > 0 });
        Assert.Empty(await hypervisor.GetAddressesAsync(definition.Id, Token));
        Assert.False(await hypervisor.PingAgentAsync(definition.Id, TimeSpan.FromSeconds(1), Token));
        var error = await Assert.ThrowsAsync<RametException>(
            () => hypervisor.RunInGuestAsync(definition.Id, "/bin/true", [], TimeSpan.FromSeconds(5), Token));
        Assert.Equal(ErrorKind.GuestAgentUnavailable, error.Kind);
        await hypervisor.RemoveAsync([definition.Id], null, Token);
    }

    internal static async Task<string> ReadUntilAsync(Stream console, string word)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var heard = new StringBuilder();
        var buffer = new byte[256];
        int count;
        while (!heard.ToString().Contains(word, StringComparison.Ordinal) && (count = await console.ReadAsync(buffer, patience.Token)) > 0)
            heard.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return heard.ToString();
    }
}
