using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.VirtualMachines;

/// <summary>Starts, stops and restarts VMs: each is tried, whatever becomes of the others.</summary>
public sealed class PowerService(OperationRunner runner, IHypervisors hypervisors)
{
    /// <summary>How long a guest may take to shut down when nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(60);

    public Task<Operation> StartAsync(VmSelection selection, string actor, CancellationToken cancellationToken) =>
        BeginAsync("start", "Start", selection, actor, (plan, vm) =>
            plan.Step(StartVmStep.Name, $"Start '{vm.Name}'", new StartVmStep.Arguments(vm.Id), StepRole.Independent), cancellationToken);

    /// <param name="grace">Zero destroys at once.</param>
    public Task<Operation> StopAsync(VmSelection selection, TimeSpan grace, string actor, CancellationToken cancellationToken) =>
        BeginAsync("stop", "Stop", selection, actor, (plan, vm) =>
            plan.Step(StopVmStep.Name, $"Stop '{vm.Name}'", new StopVmStep.Arguments(vm.Id, Seconds(grace)), StepRole.Independent), cancellationToken);

    public Task<Operation> RestartAsync(VmSelection selection, TimeSpan grace, string actor, CancellationToken cancellationToken) =>
        BeginAsync("restart", "Restart", selection, actor, (plan, vm) =>
            plan.Step(StopVmStep.Name, $"Restart '{vm.Name}'", new StopVmStep.Arguments(vm.Id, Seconds(grace), ThenStart: true), StepRole.Independent), cancellationToken);

    private Task<Operation> BeginAsync(
        string kind, string verb, VmSelection selection, string actor, Action<OperationPlan, VirtualMachine> add, CancellationToken cancellationToken) =>
        runner.BeginAsync(actor, async session =>
        {
            var vms = selection.Resolve(await LineageGraph.LoadAsync(session, cancellationToken));
            var plan = new OperationPlan(kind, $"{verb} {Title(vms)}").Names(vms.Select(v => v.Name));
            foreach (var vm in vms)
            {
                VmSelection.MustBeReady(vm);
                await HostNetworks.MustBeConnectedAsync(hypervisors.Get(vm.HostId), cancellationToken);
                add(plan.Claim(vm.Id), vm);
            }

            return plan;
        }, cancellationToken);

    internal static string Title(IReadOnlyList<VirtualMachine> vms) => vms.Count switch
    {
        1 => vms[0].Name,
        <= 3 => string.Join(", ", vms.Select(v => v.Name)),
        _ => $"{vms[0].Name} … {vms[^1].Name} ({vms.Count})",
    };

    private static int Seconds(TimeSpan grace) => grace < TimeSpan.Zero || grace > TimeSpan.FromHours(1)
        ? throw new RametException(ErrorKind.InvalidArgument, $"a grace time of {grace.TotalSeconds:0} s", "from 0 to 3600 seconds")
        : (int)grace.TotalSeconds;
}
