using Ramet.Core.Catalog;
using Ramet.Core.Events;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>The point of no return of a delete: from here on the VMs are going, and a crash does not bring them back.</summary>
internal sealed class MarkDeletingStep : IStep
{
    public sealed record Arguments(IReadOnlyList<Guid> Vms);

    public const string Name = "vms.mark-deleting";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var ids = context.Arguments<Arguments>().Vms;
        foreach (var vm in await VmLookup.ManyAsync(context.Session, ids, cancellationToken))
            vm.Lifecycle = VmLifecycle.Deleting;
        foreach (var batch in ids.Chunk(500))
        {
            foreach (var snapshot in await context.Session.ListAsync(context.Session.Snapshots.Where(s => batch.Contains(s.VmId)), cancellationToken))
                snapshot.State = SnapshotState.Deleting;
        }
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Removes the domains of VMs that are being deleted.</summary>
internal sealed class RemoveDomainsStep(IHypervisors hypervisors) : IStep
{
    public sealed record Arguments(Guid HostId, IReadOnlyList<Guid> Vms);

    public const string Name = "domains.remove";

    public string Kind => Name;

    public int Weight => 5;

    public Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (hostId, ids) = context.Arguments<Arguments>();
        return hypervisors.Get(hostId).RemoveAsync(ids, context.Count(ids.Count), cancellationToken);
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Removes what VMs leave behind: layers that nobody else needs, seeds, records. Layers that others need stay, and go with the last of them.</summary>
internal sealed class DeleteVmsStep(ILayerStore store, EventBus events) : IStep
{
    public sealed record Arguments(IReadOnlyList<Guid> Vms);

    public const string Name = "vms.delete";

    public string Kind => Name;

    public int Weight => 2;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var ids = context.Arguments<Arguments>().Vms.ToHashSet();
        var session = context.Session;
        var graph = await LineageGraph.LoadAsync(session, cancellationToken);
        var layers = graph.LayersOnlyOf(ids);
        var vms = ids.Where(graph.Vms.ContainsKey).Select(id => graph.Vms[id]).ToList();

        await store.DeleteAsync([.. layers.Where(l => l.Managed).Select(l => l.Path), .. vms.Where(v => v.SeedPath is not null).Select(v => v.SeedPath!)], cancellationToken);

        foreach (var orphan in graph.Vms.Values.Where(v => v.OriginSnapshotId is { } origin && ids.Contains(graph.Snapshots[origin].VmId)))
            orphan.OriginSnapshotId = null;
        session.RemoveRange(ids.SelectMany(graph.SnapshotsOf));
        session.RemoveRange(vms);
        session.RemoveRange(layers);
        foreach (var vm in vms)
            events.Publish("vm.deleted", vm.Name, ("id", vm.Id.ToString()));
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
