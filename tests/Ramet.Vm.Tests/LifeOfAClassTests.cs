using Ramet.Client;
using Ramet.Contracts;
using Ramet.Testing.Live;

namespace Ramet.Vm.Tests;

/// <summary>A parent and its clones, booted for real: identity, isolation of data, protection of the parent, independence.</summary>
public sealed class LifeOfAClassTests(ClassFixture fixture, ITestOutputHelper output) : IClassFixture<ClassFixture>
{
    private const string Marker = "/var/lib/marker";

    /// <summary>What tells one machine from another, as the guest itself sees it.</summary>
    private static readonly (string Name, string Command)[] Identity =
    [
        ("machine-id", "cat /etc/machine-id"),
        ("SSH host key", "cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub"),
        ("hostname", "hostname"),
        ("MAC", "cat /sys/class/net/e*/address"),
        ("UUID", "cat /sys/class/dmi/id/product_uuid"),
        ("serial", "cat /sys/class/dmi/id/product_serial"),
        ("address", "ip -4 -o addr show scope global | awk '{print $4}'"),
    ];

    [Fact]
    public async Task Clones_of_a_running_parent_are_machines_of_their_own_and_outlive_it()
    {
        var server = fixture.Server;
        var client = server.Client;
        await server.SucceedAsync(client.ImportAsync(new ImportRequest(fixture.Image, "parent", MemoryMiB: 512, CloudInit: "yes", Start: true)));
        var parent = fixture.Guest("parent");
        await parent.WaitUntilBootedAsync();
        await parent.ShellAsync($"echo from-the-parent > {Marker}; sync");
        var booted = await parent.ShellAsync("cat /proc/sys/kernel/random/boot_id");

        // Cloning the running parent makes a live, frozen snapshot, and says so.
        var cloned = await server.SucceedAsync(client.CloneAsync(new CloneRequest("parent", "seat-{1..2}", Start: true)));
        Assert.Contains(cloned.Warnings, w => w.Contains("parent@auto-1", StringComparison.Ordinal));
        var snapshot = Assert.Single(await client.ListSnapshotsAsync("parent"));
        Assert.True(snapshot.Live && snapshot.Quiesced, $"live {snapshot.Live}, quiesced {snapshot.Quiesced}");

        var one = fixture.Guest("seat-1");
        var two = fixture.Guest("seat-2");
        await Task.WhenAll(one.WaitUntilBootedAsync(), two.WaitUntilBootedAsync());
        Assert.Equal(booted, await parent.ShellAsync("cat /proc/sys/kernel/random/boot_id"));

        await EachHasItsOwnIdentityAsync(parent, one, two);
        Assert.Equal("from-the-parent", await one.ShellAsync($"cat {Marker}"));
        Assert.Equal("from-the-parent", await two.ShellAsync($"cat {Marker}"));
        await one.ShellAsync("echo mine > /var/lib/of-one; sync");
        Assert.Null(await two.TryShellAsync("cat /var/lib/of-one"));
        await parent.ShellAsync("echo later > /var/lib/of-parent; sync");
        Assert.Null(await one.TryShellAsync("cat /var/lib/of-parent"));

        // The sealed layer is what it was; the parent cannot be deleted under its clones.
        Assert.DoesNotContain((await client.DoctorAsync(verify: true)).Findings, f => f.Severity != "info");
        var refused = await Assert.ThrowsAsync<RametApiException>(() => client.DeleteAsync(new DeleteRequest(["parent"], Force: true)));
        Assert.Equal("hasDependents", refused.Kind);
        Assert.Equal(2, refused.Problem.Details.Count);

        // One clone is promoted while it runs, the other while it is off; then the parent's files are gone.
        await server.SucceedAsync(client.StopAsync(new StopRequest(["seat-2"])));
        var before = Directory.GetFiles(server.Layers).ToHashSet();
        await server.SucceedAsync(client.DeleteAsync(new DeleteRequest(["parent"], PromoteClones: true, Force: true)));
        Assert.Equal(2, Directory.GetFiles(server.Layers).Length);
        output.WriteLine($"layers before: {before.Count}, after: 2");
        Assert.Equal("mine", await one.ShellAsync("cat /var/lib/of-one"));
        await server.SucceedAsync(client.RestartAsync(new StopRequest(["seat-1"])));
        await server.SucceedAsync(client.StartAsync(new VmSelection(["seat-2"])));
        await Task.WhenAll(one.WaitUntilBootedAsync(), two.WaitUntilBootedAsync());
        Assert.Equal("from-the-parent", await two.ShellAsync($"cat {Marker}"));
        Assert.Equal("mine", await one.ShellAsync("cat /var/lib/of-one"));

        await server.SucceedAsync(client.StopAsync(new StopRequest(["seat-*"])));
        await EveryLayerIsCleanAsync();
        Assert.DoesNotContain((await client.DoctorAsync(verify: true)).Findings, f => f.Severity != "info");
        await server.SucceedAsync(client.DeleteAsync(new DeleteRequest(["seat-*"])));
        Assert.Empty(Directory.GetFiles(server.Layers));
    }

    [Fact]
    public async Task A_refreshed_clone_is_as_on_its_first_day_and_keeps_its_name()
    {
        var server = fixture.Server;
        var client = server.Client;
        await server.SucceedAsync(client.ImportAsync(new ImportRequest(fixture.Image, "gold", MemoryMiB: 512, CloudInit: "yes")));
        await server.SucceedAsync(client.CreateSnapshotAsync("gold", new SnapshotRequest("v1")));
        await server.SucceedAsync(client.CloneAsync(new CloneRequest("gold@v1", "desk", Start: true, UserData: "#cloud-config\nwrite_files:\n- path: /etc/of-the-user\n  content: mine\n")));
        var desk = fixture.Guest("desk");
        await desk.WaitUntilBootedAsync();
        Assert.Equal("mine", await desk.ShellAsync("cat /etc/of-the-user"));
        var machineId = await desk.ShellAsync("cat /etc/machine-id");
        await desk.ShellAsync("echo rubbish > /var/lib/rubbish; sync");

        var running = await Assert.ThrowsAsync<RametApiException>(() => client.RefreshAsync(new StopRequest(["desk"])));
        Assert.Equal("invalidState", running.Kind);
        await server.SucceedAsync(client.RefreshAsync(new StopRequest(["desk"], Force: true)));
        await desk.WaitUntilBootedAsync();
        Assert.Null(await desk.TryShellAsync("cat /var/lib/rubbish"));
        Assert.Equal("desk", await desk.ShellAsync("hostname"));
        Assert.Equal(machineId, await desk.ShellAsync("cat /etc/machine-id"));

        await server.SucceedAsync(client.StopAsync(new StopRequest(["desk"])));
        await EveryLayerIsCleanAsync();
        await server.SucceedAsync(client.DeleteAsync(new DeleteRequest(["gold"], WithClones: true)));
    }

    private async Task EachHasItsOwnIdentityAsync(params Guest[] guests)
    {
        foreach (var (name, command) in Identity)
        {
            List<string> seen = [];
            foreach (var guest in guests)
                seen.Add(await guest.ShellAsync(command));
            output.WriteLine($"{name}: {string.Join(" | ", seen)}");
            Assert.All(seen, s => Assert.NotEqual("", s));
            Assert.True(seen.Distinct().Count() == guests.Length, $"{name} is shared: {string.Join(" | ", seen)}");
        }

        // What Ramet says of a machine is what the machine itself says.
        foreach (var guest in guests)
        {
            var vm = await fixture.Server.Client.GetVmAsync(guest.Name);
            Assert.Equal(vm.MachineId, await guest.ShellAsync("cat /etc/machine-id"));
            Assert.Equal(vm.Hostname, await guest.ShellAsync("hostname"));
            Assert.Equal(vm.Nics[0].Mac, await guest.ShellAsync("cat /sys/class/net/e*/address"));
        }
    }

    private async Task EveryLayerIsCleanAsync()
    {
        foreach (var layer in Directory.GetFiles(fixture.Server.Layers, "*.qcow2"))
            Assert.Contains("No errors were found", await LiveTools.RunAsync("qemu-img", "check", layer), StringComparison.Ordinal);
    }
}
