using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.LinkedClones;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.VirtualMachines;

/// <summary>What deleting VMs would do.</summary>
/// <param name="Targets">The VMs that were named.</param>
/// <param name="Dependents">VMs whose disks stand on theirs.</param>
/// <param name="Snapshots">Snapshots that go too, "debian12@v1".</param>
/// <param name="FreedBytes">Allocated bytes of the layers that nobody else needs.</param>
/// <param name="PromoteBytes">Allocated bytes of the dependents' whole chains: what promoting them would write at most.</param>
public sealed record DeletePreview(
    IReadOnlyList<VirtualMachine> Targets, IReadOnlyList<VirtualMachine> Dependents, IReadOnlyList<string> Snapshots, long FreedBytes, long PromoteBytes);

/// <summary>Deletes VMs. What others depend on is not deleted: the error lists them and the ways out.</summary>
public sealed class DeleteService(
    OperationRunner runner, ICatalog catalog, IHypervisors hypervisors, ILayerStore store, IdentityFactory identities, TimeProvider time)
{
    private readonly PromotePlan _promotes = new(hypervisors, store, identities, time);

    /// <param name="promoteClones">Make the dependents independent first.</param>
    /// <param name="withClones">Delete the dependents too.</param>
    /// <param name="force">Running VMs too.</param>
    public Task<Operation> DeleteAsync(
        VmSelection selection, bool promoteClones, bool withClones, bool force, string actor, CancellationToken cancellationToken)
    {
        if (promoteClones && withClones)
            throw new RametException(ErrorKind.InvalidArgument, "clones can be promoted or deleted with their parent, not both", "give --promote-clones or --with-clones");
        return runner.BeginAsync(actor, session => PlanAsync(session, selection, promoteClones, withClones, force, cancellationToken), cancellationToken);
    }

    /// <summary>What <see cref="DeleteAsync"/> would do; changes nothing.</summary>
    public async Task<DeletePreview> PreviewAsync(VmSelection selection, bool withClones, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var graph = await LineageGraph.LoadAsync(session, cancellationToken);
        var targets = selection.Resolve(graph);
        var ids = targets.Select(v => v.Id).ToHashSet();
        var dependents = graph.DependentsOf(ids);
        if (withClones)
            ids.UnionWith(dependents.Select(v => v.Id));
        var freed = await MeasureAsync(graph.LayersOnlyOf(ids), cancellationToken);
        var promote = await MeasureAsync(dependents.SelectMany(v => v.Disks).SelectMany(d => graph.ChainOf(d.LayerId)), cancellationToken);
        return new DeletePreview(targets, dependents, [.. ids.SelectMany(graph.SnapshotsOf).Select(graph.NameOf)], freed, promote);
    }

    private async Task<OperationPlan> PlanAsync(
        ICatalogSession session, VmSelection selection, bool promoteClones, bool withClones, bool force, CancellationToken cancellationToken)
    {
        var graph = await LineageGraph.LoadAsync(session, cancellationToken);
        var targets = selection.Resolve(graph).ToList();
        var ids = targets.Select(v => v.Id).ToHashSet();
        var dependents = graph.DependentsOf(ids);
        if (dependents.Count > 0 && !promoteClones && !withClones)
            throw HasDependents(targets, dependents);

        var plan = new OperationPlan("delete", $"Delete {PowerService.Title(targets)}{(promoteClones && dependents.Count > 0 ? ", its clones promoted first" : withClones && dependents.Count > 0 ? $" with {CloneService.Plural(dependents.Count, "clone")}" : "")}");
        if (promoteClones)
        {
            foreach (var dependent in dependents)
                await PromoteAsync(plan, session, graph, dependent, cancellationToken);
        }
        else if (withClones)
        {
            targets.AddRange(dependents);
            ids.UnionWith(dependents.Select(v => v.Id));
        }

        foreach (var vm in targets)
        {
            VmSelection.MustBeReady(vm);
            var hypervisor = hypervisors.Get(vm.HostId);
            await HostNetworks.MustBeConnectedAsync(hypervisor, cancellationToken);
            if (!force && hypervisor.GetState(vm.Id) is PowerState.Running or PowerState.Paused or PowerState.Stopping)
                throw new RametException(ErrorKind.InvalidState, $"'{vm.Name}' is running", $"stop it with 'ramet stop {vm.Name}', or delete it with --force", vm.Name);
            plan.Claim(vm.Id);
        }

        List<Guid> all = [.. targets.Select(v => v.Id)];
        plan.Names(targets.Select(v => v.Name)).Stage()
            .Step(MarkDeletingStep.Name, "Commit", new MarkDeletingStep.Arguments(all), StepRole.Pivot);
        foreach (var host in targets.GroupBy(v => v.HostId))
            plan.Step(RemoveDomainsStep.Name, $"Remove {CloneService.Plural(host.Count(), "domain")}", new RemoveDomainsStep.Arguments(host.Key, [.. host.Select(v => v.Id)]));
        return plan.Step(DeleteVmsStep.Name, "Delete layers, seeds and records", new DeleteVmsStep.Arguments(all));
    }

    private async Task PromoteAsync(OperationPlan plan, ICatalogSession session, LineageGraph graph, VirtualMachine dependent, CancellationToken cancellationToken)
    {
        if (graph.SnapshotsOf(dependent.Id).Any())
            plan.Warn($"'{dependent.Name}' has snapshots of its own, which still stand on the parent's layers: these layers stay until the snapshots go");
        if (dependent.Disks.Any(d => graph.Layers[d.LayerId].BackingLayerId is not null))
            await _promotes.AddAsync(plan, session, graph, dependent, cancellationToken);
    }

    private async Task<long> MeasureAsync(IEnumerable<Layer> layers, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (var layer in layers)
        {
            try
            {
                bytes += (await store.MeasureAsync(new LayerFile(layer.Path, layer.Format), cancellationToken)).AllocatedBytes;
            }
            catch (RametException)
            {
                // A file that is gone or unreadable frees nothing: the doctor's business, not the preview's.
            }
        }

        return bytes;
    }

    private static RametException HasDependents(List<VirtualMachine> targets, IReadOnlyList<VirtualMachine> dependents)
    {
        var name = targets.Count == 1 ? targets[0].Name : "VM...";
        return new RametException(ErrorKind.HasDependents,
            $"{(targets.Count == 1 ? $"'{name}'" : "these VMs")} cannot be deleted: {CloneService.Plural(dependents.Count, "clone")} depend{(dependents.Count == 1 ? "s" : "")} on {(targets.Count == 1 ? "it" : "them")}",
            $"there are three ways out: make the clones independent first (ramet delete {name} --promote-clones), delete them too (ramet delete {name} --with-clones), or keep the parent until its last clone is gone",
            name, [.. dependents.Take(50).Select(v => $"{v.Name} (clone of {v.OriginName ?? "?"})"), .. dependents.Count > 50 ? [$"… and {dependents.Count - 50} more"] : Array.Empty<string>()]);
    }
}
