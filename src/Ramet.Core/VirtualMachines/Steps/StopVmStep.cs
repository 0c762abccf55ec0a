using Ramet.Core.Hosts;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>Stops a VM: guest agent, ACPI, and destroy when the grace time is over.</summary>
internal sealed class StopVmStep(IHypervisors hypervisors) : IStep
{
    /// <param name="GraceSeconds">0 destroys at once.</param>
    /// <param name="ThenStart">Restart.</param>
    public sealed record Arguments(Guid Vm, int GraceSeconds, bool ThenStart = false);

    public const string Name = "vm.stop";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (id, grace, thenStart) = context.Arguments<Arguments>();
        var vm = await VmLookup.OneAsync(context.Session, id, cancellationToken);
        var hypervisor = hypervisors.Get(vm.HostId);
        await VmErrors.NamingAsync(vm, thenStart ? "restarted" : "stopped", async () =>
        {
            await hypervisor.StopDomainAsync(vm.Id, TimeSpan.FromSeconds(grace), cancellationToken);
            if (thenStart)
                await hypervisor.StartDomainAsync(vm.Id, cancellationToken);
        });
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
