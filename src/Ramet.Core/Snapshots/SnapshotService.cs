using Ramet.Core.Catalog;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Snapshots;

/// <summary>Snapshots of VMs.</summary>
public sealed class SnapshotService(OperationRunner runner, IHypervisors hypervisors, ILayerStore store, IdentityFactory identities, TimeProvider time)
{
    private readonly SnapshotPlan _snapshots = new(hypervisors, store, identities, time);

    /// <summary>Makes a snapshot; of a running VM too, which goes on writing to a new layer.</summary>
    public Task<Operation> CreateAsync(string vmName, string name, string? description, string actor, CancellationToken cancellationToken) =>
        runner.BeginAsync(actor, async session =>
        {
            var graph = await LineageGraph.LoadAsync(session, cancellationToken);
            var vm = VmSelection.Find(graph, vmName);
            var plan = new OperationPlan("snapshot", $"Snapshot {vm.Name}@{name}").Names($"{vm.Name}@{name}");
            await _snapshots.AddAsync(plan, session, graph, vm, name, description, cancellationToken);
            return plan;
        }, cancellationToken);
}
