using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Layers.Steps;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.LinkedClones;

/// <summary>Takes linked clones back to the snapshot that they were cloned from. Their names, addresses and own snapshots stay; what they wrote since goes.</summary>
public sealed class RefreshService(
    OperationRunner runner, IHypervisors hypervisors, ILayerStore store, SealGuard guard, IdentityFactory identities, TimeProvider time)
{
    /// <param name="force">Running ones too: they are destroyed (what they wrote is thrown away in any case) and started again.</param>
    public Task<Operation> RefreshAsync(VmSelection selection, bool force, string actor, CancellationToken cancellationToken) =>
        runner.BeginAsync(actor, async session =>
        {
            var graph = await LineageGraph.LoadAsync(session, cancellationToken);
            var datastores = await session.ListAsync(session.Datastores, cancellationToken);
            var vms = selection.Resolve(graph);
            var plan = new OperationPlan("refresh", $"Refresh {PowerService.Title(vms)}").Names(vms.Select(v => v.Name));
            foreach (var vm in vms)
            {
                VmSelection.MustBeReady(vm);
                await AddAsync(plan, session, graph, datastores, vm, force, cancellationToken);
            }

            return plan;
        }, cancellationToken);

    private async Task AddAsync(
        OperationPlan plan, ICatalogSession session, LineageGraph graph, List<Datastore> datastores, VirtualMachine vm, bool force, CancellationToken cancellationToken)
    {
        if (vm.OriginSnapshotId is not { } originId || !graph.Snapshots.TryGetValue(originId, out var origin) || origin.State != SnapshotState.Ready)
            throw new RametException(ErrorKind.InvalidState, $"'{vm.Name}' is not a linked clone: there is no snapshot to go back to", "only linked clones can be refreshed", vm.Name);
        var hypervisor = hypervisors.Get(vm.HostId);
        await HostNetworks.MustBeConnectedAsync(hypervisor, cancellationToken);
        var runs = hypervisor.GetState(vm.Id) is not (PowerState.Stopped or PowerState.Crashed);
        if (runs && !force)
            throw new RametException(ErrorKind.InvalidState, $"'{vm.Name}' is running", $"stop it with 'ramet stop {vm.Name}', or refresh it with --force", vm.Name);

        List<Guid> before = [];
        Dictionary<string, Guid> fresh = [];
        foreach (var disk in origin.Disks)
        {
            var sealedLayer = graph.Layers[disk.LayerId];
            await guard.CheckAsync(session, graph.ChainOf(disk.LayerId), cancellationToken);
            var old = graph.Layers[vm.Disks.Single(d => d.Target == disk.Target).LayerId];
            before.Add(old.Id);
            var layer = new Layer
            {
                Id = identities.NewId(),
                DatastoreId = DatastoreChoice.Of(datastores, null, old.DatastoreId).Id,
                OwnerId = vm.Id,
                Target = disk.Target,
                Path = "",
                Format = ImageFormat.Qcow2,
                State = LayerState.Creating,
                BackingLayerId = sealedLayer.Id,
                VirtualSize = sealedLayer.VirtualSize,
                CreatedAt = time.GetUtcNow(),
            };
            layer.Path = store.PathOf(datastores.Single(d => d.Id == layer.DatastoreId), layer.Id, layer.Format);
            session.Add(layer);
            fresh[disk.Target] = layer.Id;
        }

        plan.Stage().Claim(vm.Id)
            .Step(KeepRecordsStep.Name, $"Reserve the fresh disk of '{vm.Name}'", new KeepRecordsStep.Arguments([], [.. fresh.Values], []))
            .Step(CreateOverlaysStep.Name, "Create it", new CreateOverlaysStep.Arguments([.. fresh.Values]));
        if (runs)
            plan.Step(StopVmStep.Name, $"Stop '{vm.Name}'", new StopVmStep.Arguments(vm.Id, 0));
        plan.Step(RebuildVmStep.Name, $"Take '{vm.Name}' back to {graph.NameOf(origin)}",
                new RebuildVmStep.Arguments(vm.Id, fresh, IdentityFactory.NewVmId(), $"ramet-{IdentityFactory.NewVmId():N}"), StepRole.Pivot)
            .Step(WriteSeedsStep.Name, "Write its identity seed", new WriteSeedsStep.Arguments([vm.Id], IsNew: false))
            .Step(DropLayersStep.Name, "Delete what it had written", new DropLayersStep.Arguments(before));
        if (runs)
            plan.Stage().Step(StartVmStep.Name, $"Start '{vm.Name}'", new StartVmStep.Arguments(vm.Id), StepRole.Independent);
    }
}
