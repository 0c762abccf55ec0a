using Ramet.Core.Events;
using Ramet.Core.Layers;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>The moment from which new VMs exist: all of them in one transaction.</summary>
internal sealed class MakeReadyStep(EventBus events) : IStep
{
    public sealed record Arguments(IReadOnlyList<Guid> Vms);

    public const string Name = "vms.ready";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var vms = await VmLookup.ManyAsync(context.Session, context.Arguments<Arguments>().Vms, cancellationToken);
        var layers = await LayerLookup.ManyAsync(context.Session, vms.SelectMany(v => v.Disks).Select(d => d.LayerId), cancellationToken);
        foreach (var layer in layers.Values.Where(l => l.State == LayerState.Creating))
            layer.State = LayerState.Active;
        foreach (var vm in vms)
        {
            vm.Lifecycle = VmLifecycle.Ready;
            events.Publish("vm.created", vm.Name, ("id", vm.Id.ToString()), ("origin", vm.OriginName ?? ""));
        }
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
