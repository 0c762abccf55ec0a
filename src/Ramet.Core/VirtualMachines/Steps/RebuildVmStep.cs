using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>Points a stopped VM at fresh layers and gives it a fresh generation id: the instant of a refresh. Read off the domain whether it happened.</summary>
internal sealed class RebuildVmStep(IHypervisors hypervisors) : IStep
{
    /// <param name="Layers">Disk target to the fresh layer.</param>
    public sealed record Arguments(Guid Vm, IReadOnlyDictionary<string, Guid> Layers, Guid GenerationId, string InstanceId);

    public const string Name = "vm.rebuild";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments<Arguments>();
        var vm = await VmLookup.OneAsync(context.Session, arguments.Vm, cancellationToken);
        var fresh = await LayerLookup.ManyAsync(context.Session, arguments.Layers.Values, cancellationToken);
        foreach (var disk in vm.Disks)
        {
            if (!arguments.Layers.TryGetValue(disk.Target, out var layer))
                continue;
            fresh[layer].State = LayerState.Active;
            disk.LayerId = layer;
        }

        vm.GenerationId = arguments.GenerationId;
        vm.InstanceId = arguments.InstanceId;

        var hypervisor = hypervisors.Get(vm.HostId);
        var before = await hypervisor.DescribeAsync(vm.Id.ToString(), cancellationToken);
        await hypervisor.DefineAsync(await DomainDefinitions.OfAsync(context.Session, [vm], before.Xml, cancellationToken), null, cancellationToken);
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<bool> IsDoneAsync(StepContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments<Arguments>();
        var vm = await VmLookup.OneAsync(context.Session, arguments.Vm, cancellationToken);
        var layers = await LayerLookup.ManyAsync(context.Session, arguments.Layers.Values, cancellationToken);
        var paths = await hypervisors.Get(vm.HostId).GetDiskPathsAsync(vm.Id, cancellationToken);
        return arguments.Layers.All(l => paths.TryGetValue(l.Key, out var path) && path == layers[l.Value].Path);
    }
}
