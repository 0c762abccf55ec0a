using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>
/// Pulls all that a running VM's disk inherits into its own layer. Cancelled, the job is aborted and nothing has changed but
/// blocks that the layer now holds itself. After a crash of the server QEMU's job went on: then it goes forward.
/// </summary>
internal sealed class PullDiskStep(IHypervisors hypervisors, ILayerStore store) : IStep
{
    public sealed record Arguments(Guid Vm, string Target);

    public const string Name = "disks.pull";

    public string Kind => Name;

    public int Weight => 20;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (id, target) = context.Arguments<Arguments>();
        var vm = await VmLookup.OneAsync(context.Session, id, cancellationToken);
        var layerId = vm.Disks.Single(d => d.Target == target).LayerId;
        var layer = (await LayerLookup.ManyAsync(context.Session, [layerId], cancellationToken))[layerId];
        if (!await IsIndependentAsync(layer, cancellationToken))
            await VmErrors.NamingAsync(vm, "promoted", () => hypervisors.Get(vm.HostId).PullAsync(vm.Id, target, context.Bytes(), cancellationToken));

        layer.BackingLayerId = null;
        var others = await LayerLookup.ManyAsync(context.Session, vm.Disks.Select(d => d.LayerId), cancellationToken);
        if (others.Values.All(l => l.BackingLayerId is null))
            vm.OriginSnapshotId = null;
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<bool> IsDoneAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (id, target) = context.Arguments<Arguments>();
        var vm = await VmLookup.OneAsync(context.Session, id, cancellationToken);
        var layerId = vm.Disks.Single(d => d.Target == target).LayerId;
        var layer = (await LayerLookup.ManyAsync(context.Session, [layerId], cancellationToken))[layerId];
        return await IsIndependentAsync(layer, cancellationToken) || await hypervisors.Get(vm.HostId).HasBlockJobAsync(vm.Id, target, cancellationToken);
    }

    private async Task<bool> IsIndependentAsync(Layer layer, CancellationToken cancellationToken) =>
        (await store.InspectChainAsync(layer.Path, layer.Format, cancellationToken)).Count == 1;
}
