using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.LinkedClones;
using Ramet.Core.Operations;
using Ramet.Core.Usage;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Tests;

/// <summary>The verbs, one by one, and what they refuse.</summary>
public sealed class LifeCycleTests
{
    [Fact]
    public async Task Clones_share_the_parent_and_nothing_else()
    {
        await using var world = await ParentAsync();
        await world.CloneAsync("parent@v1", "seat-{01..10}");

        await using var session = world.Catalog.OpenReadOnly();
        var graph = await LineageGraph.LoadAsync(session, default);
        var clones = graph.Vms.Values.Where(v => v.OriginSnapshotId is not null).ToList();
        Assert.Equal(10, clones.Count);
        foreach (var unique in (Func<VirtualMachine, object?>[])[v => v.Id, v => v.Nics[0].Mac, v => v.GenerationId, v => v.MachineId, v => v.Serial, v => v.InstanceId, v => v.Hostname, v => v.SeedPath])
            Assert.Equal(11, graph.Vms.Values.Select(unique).Distinct().Count());
        var bases = clones.Select(c => graph.ChainOf(c.Disks[0].LayerId)[1]).Distinct().ToList();
        Assert.Equal(LayerState.Sealed, Assert.Single(bases).State);
        Assert.StartsWith("sha256-1m:", bases[0].Digest, StringComparison.Ordinal);
        Assert.All(clones, c => Assert.Equal(2, graph.DepthOf(c)));

        var space = await world.Get<UsageService>().MeasureAsync(new VmSelection(AllClonesOf: "parent@v1"), default);
        Assert.All(space.Vms, s => Assert.InRange(s.ExclusiveBytes, 1, 16 << 10));
        Assert.True(space.FullCopiesBytes > 2 * space.ActualBytes, $"{space.FullCopiesBytes} against {space.ActualBytes}");
        await world.MustBeConsistentAsync();
    }

    [Fact]
    public async Task A_parent_with_clones_is_not_deleted_and_the_ways_out_are_named()
    {
        await using var world = await ParentAsync();
        await world.CloneAsync("parent@v1", "seat-{1..2}");
        await world.SnapshotAsync("seat-1", "s");
        await world.CloneAsync("seat-1@s", "grandchild");

        var refused = await Assert.ThrowsAsync<RametException>(() => world.DeleteAsync("parent"));
        Assert.Equal(ErrorKind.HasDependents, refused.Kind);
        Assert.Equal(["grandchild (clone of seat-1@s)", "seat-1 (clone of parent@v1)", "seat-2 (clone of parent@v1)"], refused.Details);
        Assert.Contains("--promote-clones", refused.Remedy, StringComparison.Ordinal);
        Assert.Contains("--with-clones", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.HasDependents, (await Assert.ThrowsAsync<RametException>(() => world.DeleteAsync("seat-1"))).Kind);
        await world.MustBeConsistentAsync();

        // The sealed layer of seat-1's snapshot still stands on the parent's: it stays until the snapshot goes.
        await world.SucceedAsync(world.DeleteAsync("parent", promote: true));
        Assert.Equal(["grandchild", "seat-1", "seat-2"], await world.NamesAsync());
        await world.MustBeConsistentAsync();
        await world.SucceedAsync(world.DeleteAsync("*"));
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Datastore, "layers")));
        await world.MustBeConsistentAsync();
    }

    [Fact]
    public async Task With_clones_everything_goes()
    {
        await using var world = await ParentAsync();
        await world.CloneAsync("parent@v1", "seat-{1..5}");
        await world.SucceedAsync(world.DeleteAsync("parent", with: true));
        Assert.Empty(await world.NamesAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Datastore, "layers")));
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Datastore, "seeds")));
    }

    [Fact]
    public async Task A_changed_base_blocks_the_start_and_names_who_stands_on_it()
    {
        await using var world = await ParentAsync();
        await world.CloneAsync("parent@v1", "seat-{1..2}");
        await using (var session = world.Catalog.OpenReadOnly())
        {
            var layer = (await session.ListAsync(session.Layers, default)).Single(l => l.State == LayerState.Sealed);
            await using var file = new FileStream(layer.Path, FileMode.Open, FileAccess.Write);
            file.Position = 1 << 20;
            file.WriteByte(0);
        }

        var failed = await world.EndAsync(world.Get<PowerService>().StartAsync(new VmSelection(["seat-1"]), World.Actor, default));
        Assert.Equal(OperationState.Failed, failed.State);
        Assert.Equal(ErrorKind.LayerChanged, failed.ErrorKind);
        Assert.Equal(PowerState.Stopped, world.Hypervisor["seat-1"].State);
        Assert.Equal(ErrorKind.LayerChanged, (await Assert.ThrowsAsync<RametException>(() => world.CloneAsync("parent@v1", "late"))).Kind);
    }

    [Fact]
    public async Task A_failed_clone_leaves_nothing()
    {
        await using var world = await ParentAsync();
        var calls = 0;
        world.Hypervisor.Before = (call, _) => call.Method == "DefineAsync" && ++calls == 3
            ? throw new RametException(ErrorKind.HypervisorFailure, "no more domains") : Task.CompletedTask;
        var failed = await world.EndAsync(world.Get<CloneService>().CloneAsync(new CloneOptions("parent@v1", "seat-{1..5}"), World.Actor, default));
        Assert.Equal(OperationState.Failed, failed.State);
        Assert.Equal("no more domains", failed.ErrorMessage);
        Assert.Equal(["parent"], await world.NamesAsync());
        await world.MustBeConsistentAsync();
    }

    [Fact]
    public async Task A_cancelled_clone_leaves_nothing_and_what_is_committed_cannot_be_cancelled()
    {
        await using var world = await ParentAsync();
        var reached = new TaskCompletionSource();
        world.Hypervisor.Before = async (call, cancelled) =>
        {
            if (call.Method != "DefineAsync")
                return;
            reached.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancelled);
        };
        var begun = await world.Get<CloneService>().CloneAsync(new CloneOptions("parent@v1", "seat-{1..5}"), World.Actor, default);
        await reached.Task;
        await world.Runner.CancelAsync(begun.Id, default);
        world.Hypervisor.Before = null;
        Assert.Equal(OperationState.Cancelled, (await world.Runner.WaitAsync(begun.Id, TimeSpan.FromMinutes(1), default)).State);
        Assert.Equal(["parent"], await world.NamesAsync());
        await world.MustBeConsistentAsync();
        Assert.Equal(ErrorKind.InvalidState, (await Assert.ThrowsAsync<RametException>(() => world.Runner.CancelAsync(begun.Id, default))).Kind);
    }

    [Theory]
    [InlineData("nobody@v1", "x", ErrorKind.NotFound)]
    [InlineData("parent@v9", "x", ErrorKind.NotFound)]
    [InlineData("parent@v1", "parent", ErrorKind.AlreadyExists)]
    [InlineData("parent@v1", "x-{2..1}", ErrorKind.InvalidArgument)]
    [InlineData("parent@v1", "a/b", ErrorKind.InvalidArgument)]
    public async Task A_clone_that_makes_no_sense_changes_nothing(string source, string name, ErrorKind kind)
    {
        await using var world = await ParentAsync();
        Assert.Equal(kind, (await Assert.ThrowsAsync<RametException>(() => world.CloneAsync(source, name))).Kind);
        Assert.Equal(["parent"], await world.NamesAsync());
        await world.MustBeConsistentAsync();
    }

    [Fact]
    public async Task With_libvirt_down_nothing_is_begun_and_what_is_known_is_still_told()
    {
        await using var world = await ParentAsync();
        world.Hypervisor.Disconnect();
        Assert.Equal(ErrorKind.HostUnavailable, (await Assert.ThrowsAsync<RametException>(() => world.CloneAsync("parent@v1", "seat"))).Kind);
        Assert.Equal(ErrorKind.HostUnavailable, (await Assert.ThrowsAsync<RametException>(() => world.DeleteAsync("parent"))).Kind);
        Assert.Equal(["parent"], await world.NamesAsync());
        world.Hypervisor.Reconnect();
        await world.CloneAsync("parent@v1", "seat");
        await world.MustBeConsistentAsync();
    }

    [Fact]
    public async Task A_refreshed_clone_has_a_fresh_disk_and_generation_and_keeps_the_rest()
    {
        await using var world = await ParentAsync();
        await world.CloneAsync("parent@v1", "seat");
        var before = await FindAsync(world, "seat");
        await world.SucceedAsync(world.Get<RefreshService>().RefreshAsync(new VmSelection(["seat"]), force: false, World.Actor, default));
        var after = await FindAsync(world, "seat");
        Assert.NotEqual(before.Disks[0].LayerId, after.Disks[0].LayerId);
        Assert.NotEqual(before.GenerationId, after.GenerationId);
        Assert.NotEqual(before.InstanceId, after.InstanceId);
        Assert.Equal((before.Id, before.Nics[0].Mac, before.MachineId, before.Serial), (after.Id, after.Nics[0].Mac, after.MachineId, after.Serial));
        Assert.Equal(after.GenerationId, world.Hypervisor["seat"].Definition.GenerationId);
        await world.MustBeConsistentAsync();
    }

    [Fact]
    public async Task Two_operations_do_not_work_on_one_vm_at_once()
    {
        await using var world = await ParentAsync();
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        world.Hypervisor.Before = async (call, _) =>
        {
            if (call.Method != "StartDomainAsync")
                return;
            reached.TrySetResult();
            await goOn.Task;
        };
        var power = world.Get<PowerService>();
        var first = await power.StartAsync(new VmSelection(["parent"]), World.Actor, default);
        await reached.Task;
        Assert.Equal(ErrorKind.Busy, (await Assert.ThrowsAsync<RametException>(() => power.StartAsync(new VmSelection(["parent"]), World.Actor, default))).Kind);
        goOn.SetResult();
        Assert.Equal(OperationState.Succeeded, (await world.Runner.WaitAsync(first.Id, TimeSpan.FromMinutes(1), default)).State);
        await world.SucceedAsync(power.StopAsync(new VmSelection(["parent"]), TimeSpan.Zero, World.Actor, default));
    }

    private static async Task<World> ParentAsync()
    {
        var world = await World.CreateAsync();
        await world.ImportAsync("parent");
        await world.SnapshotAsync("parent", "v1");
        return world;
    }

    private static async Task<VirtualMachine> FindAsync(World world, string name)
    {
        await using var session = world.Database.OpenReadOnly();
        return (await session.FirstOrDefaultAsync(session.VirtualMachines.Where(v => v.Name == name), default))!;
    }
}
