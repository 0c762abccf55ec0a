using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>Starts a VM, after a cheap look at every sealed layer that it stands on: a changed base blocks the start.</summary>
internal sealed class StartVmStep(IHypervisors hypervisors, SealGuard guard) : IStep
{
    public sealed record Arguments(Guid Vm);

    public const string Name = "vm.start";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var vm = await VmLookup.OneAsync(context.Session, context.Arguments<Arguments>().Vm, cancellationToken);
        await VmErrors.NamingAsync(vm, "started", async () =>
        {
            foreach (var disk in vm.Disks)
                await guard.CheckAsync(context.Session, await LayerLookup.ChainAsync(context.Session, disk.LayerId, cancellationToken), cancellationToken);
            await hypervisors.Get(vm.HostId).StartDomainAsync(vm.Id, cancellationToken);
        });
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
