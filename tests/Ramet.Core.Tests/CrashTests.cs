using Ramet.Core.Hosts;
using Ramet.Core.LinkedClones;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Tests;

/// <summary>
/// Every verb is cut off before and after each of its saves and calls to the hypervisor, one after the other until one run gets through; a new process
/// finds what is left. Nothing but "all of it" or "nothing of it" may be there afterwards.
/// </summary>
public sealed class CrashTests
{
    [Fact]
    public Task Clone() => CutEverywhereAsync(
        world => world.Get<CloneService>().CloneAsync(new CloneOptions("parent@v1", "seat-{1..3}", Start: true), World.Actor, default),
        ["parent"], ["parent", "seat-1", "seat-2", "seat-3"]);

    [Fact]
    public Task Clone_of_a_vm_without_a_snapshot() => CutEverywhereAsync(
        world => world.Get<CloneService>().CloneAsync(new CloneOptions("parent", "seat"), World.Actor, default),
        ["parent"], ["parent", "seat"], snapshot: false);

    [Fact]
    public Task Full_clone() => CutEverywhereAsync(
        world => world.Get<CloneService>().CloneAsync(new CloneOptions("parent@v1", "copy", Full: true), World.Actor, default),
        ["parent"], ["copy", "parent"]);

    [Fact]
    public Task Snapshot() => CutEverywhereAsync(
        world => world.Get<SnapshotService>().CreateAsync("parent", "v2", null, World.Actor, default),
        ["parent"], ["parent"]);

    [Fact]
    public Task Snapshot_of_a_running_vm() => CutEverywhereAsync(
        world => world.Get<SnapshotService>().CreateAsync("parent", "v2", null, World.Actor, default),
        ["parent"], ["parent"], prepare: world => world.Hypervisor.StartDomainAsync(world.Hypervisor["parent"].Id, default));

    [Fact]
    public Task Delete() => CutEverywhereAsync(
        world => world.DeleteAsync("seat-*"),
        ["parent", "seat-1", "seat-2"], ["parent"], prepare: world => world.CloneAsync("parent@v1", "seat-{1..2}"));

    [Fact]
    public Task Delete_with_promoted_clones() => CutEverywhereAsync(
        world => world.DeleteAsync("parent", promote: true),
        ["parent", "seat"], ["seat"], prepare: world => world.CloneAsync("parent@v1", "seat"));

    [Fact]
    public Task Promote() => CutEverywhereAsync(
        world => world.Get<PromoteService>().PromoteAsync(new VmSelection(["seat"]), World.Actor, default),
        ["parent", "seat"], ["parent", "seat"], prepare: world => world.CloneAsync("parent@v1", "seat"));

    [Fact]
    public Task Refresh() => CutEverywhereAsync(
        world => world.Get<RefreshService>().RefreshAsync(new VmSelection(["seat"]), force: true, World.Actor, default),
        ["parent", "seat"], ["parent", "seat"], prepare: world => world.CloneAsync("parent@v1", "seat"));

    private static async Task CutEverywhereAsync(
        Func<World, Task<Operation>> begin, string[] nothing, string[] all, bool snapshot = true, Func<World, Task>? prepare = null)
    {
        var ends = new HashSet<string>();
        for (var save = 1; ; save++)
        {
            foreach (var before in (bool[])[true, false])
            {
                var crash = new CrashPoint();
                await using var world = await World.CreateAsync(crash);
                await world.ImportAsync("parent");
                if (snapshot)
                    await world.SnapshotAsync("parent", "v1");
                if (prepare is not null)
                    await prepare(world);
                crash.Arm(save, before);
                Operation? ended = null;
                try
                {
                    ended = await world.EndAsync(begin(world));
                }
                catch (OperationCanceledException) when (crash.Crashed)
                {
                    // Cut off while planning.
                }

                await crash.Stopped;
                (world.Hypervisor.Before, world.Hypervisor.After) = (null, null);
                if (!crash.Crashed)
                {
                    Assert.Equal(OperationState.Succeeded, ended!.State);
                    Assert.Equal(all, await world.NamesAsync());
                    await world.MustBeConsistentAsync();
                    Assert.True(save > 3, "the operation was cut off nowhere");
                    Assert.Contains(string.Join(' ', all), ends);
                    return;
                }

                await using var next = await world.ReopenAsync();
                await next.MustBeConsistentAsync($"cut {(before ? "before" : "after")} point {save}");
                var names = await next.NamesAsync();
                Assert.True(names.SequenceEqual(nothing) || names.SequenceEqual(all), $"cut {(before ? "before" : "after")} point {save}: {string.Join(' ', names)}");
                ends.Add(string.Join(' ', names));
            }
        }
    }
}
