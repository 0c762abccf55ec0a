using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.LinkedClones;

/// <summary>Makes linked clones independent of everything that they were cloned from.</summary>
public sealed class PromoteService(OperationRunner runner, IHypervisors hypervisors, ILayerStore store, IdentityFactory identities, TimeProvider time)
{
    private readonly PromotePlan _promotes = new(hypervisors, store, identities, time);

    public Task<Operation> PromoteAsync(VmSelection selection, string actor, CancellationToken cancellationToken) =>
        runner.BeginAsync(actor, async session =>
        {
            var graph = await LineageGraph.LoadAsync(session, cancellationToken);
            var vms = selection.Resolve(graph);
            var plan = new OperationPlan("promote", $"Promote {PowerService.Title(vms)}").Names(vms.Select(v => v.Name));
            foreach (var vm in vms)
                await _promotes.AddAsync(plan, session, graph, vm, cancellationToken);
            return plan;
        }, cancellationToken);
}
