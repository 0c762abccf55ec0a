using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Layers.Steps;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.LinkedClones;

/// <summary>Plans a promote: its own operation, and the first stages of deleting a parent with --promote-clones.</summary>
internal sealed class PromotePlan(IHypervisors hypervisors, ILayerStore store, IdentityFactory identities, TimeProvider time)
{
    /// <summary>Adds the stages that make a VM's disks stand alone: block pull while it runs, a flattened copy while it does not.</summary>
    public async Task AddAsync(OperationPlan plan, ICatalogSession session, LineageGraph graph, VirtualMachine vm, CancellationToken cancellationToken)
    {
        VmSelection.MustBeReady(vm);
        var hypervisor = hypervisors.Get(vm.HostId);
        await HostNetworks.MustBeConnectedAsync(hypervisor, cancellationToken);
        var linked = vm.Disks.Where(d => graph.Layers[d.LayerId].BackingLayerId is not null).ToList();
        if (linked.Count == 0)
            throw new RametException(ErrorKind.InvalidState, $"'{vm.Name}' stands alone already", "there is nothing to promote", vm.Name);

        plan.Claim(vm.Id);
        var before = linked.ToDictionary(d => d.Target, d => graph.Layers[d.LayerId]);
        var state = hypervisor.GetState(vm.Id);
        if (state is PowerState.Running or PowerState.Paused)
        {
            foreach (var disk in linked)
            {
                plan.Stage()
                    .Step(PullDiskStep.Name, $"Pull what {disk.Target} of '{vm.Name}' inherits into its own layer", new PullDiskStep.Arguments(vm.Id, disk.Target), StepRole.Pivot)
                    .Step(DropLayersStep.Name, "Delete what nobody needs any more", new DropLayersStep.Arguments([before[disk.Target].BackingLayerId!.Value]));
            }

            return;
        }

        if (state is not (PowerState.Stopped or PowerState.Crashed))
            throw new RametException(ErrorKind.InvalidState, $"'{vm.Name}' is {state.ToString().ToLowerInvariant()}: it can be promoted running or stopped", "wait until it is one of these", vm.Name);

        var datastores = await session.ListAsync(session.Datastores, cancellationToken);
        Dictionary<string, Guid> alone = [];
        foreach (var (target, old) in before)
        {
            var datastore = DatastoreChoice.Of(datastores, null, old.DatastoreId);
            var layer = new Layer
            {
                Id = identities.NewId(),
                DatastoreId = datastore.Id,
                OwnerId = vm.Id,
                Target = target,
                Path = "",
                Format = ImageFormat.Qcow2,
                State = LayerState.Creating,
                VirtualSize = old.VirtualSize,
                CreatedAt = time.GetUtcNow(),
            };
            layer.Path = store.PathOf(datastore, layer.Id, layer.Format);
            session.Add(layer);
            alone[target] = layer.Id;
        }

        plan.Stage().Step(KeepRecordsStep.Name, $"Reserve the disk of '{vm.Name}'", new KeepRecordsStep.Arguments([], [.. alone.Values], []));
        foreach (var (target, layer) in alone)
            plan.Step(FlattenStep.Name, $"Copy {target} of '{vm.Name}' with all that it inherits", new FlattenStep.Arguments(before[target].Id, layer));
        plan.Step(SwitchDisksStep.Name, $"Switch '{vm.Name}' to it", new SwitchDisksStep.Arguments(vm.Id, alone, Independent: true), StepRole.Pivot)
            .Step(DropLayersStep.Name, "Delete what nobody needs any more", new DropLayersStep.Arguments([.. before.Values.Select(l => l.Id)]));
    }
}
