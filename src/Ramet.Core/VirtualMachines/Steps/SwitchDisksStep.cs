using Ramet.Core.Catalog;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>
/// Points a VM's disks at other layers: the instant of a snapshot (a new layer on top, also while the VM runs) and of an
/// offline promote (a layer that stands alone). The pivot of its stage: whether it happened is read off the domain.
/// </summary>
internal sealed class SwitchDisksStep(IHypervisors hypervisors) : IStep
{
    /// <param name="Layers">Disk target to the layer that it is to write to.</param>
    /// <param name="SnapshotId">The snapshot that takes the layers of before; null when nobody keeps them.</param>
    /// <param name="Independent">Whether the VM is no linked clone any more.</param>
    public sealed record Arguments(Guid Vm, IReadOnlyDictionary<string, Guid> Layers, Guid? SnapshotId = null, bool Independent = false);

    public const string Name = "disks.switch";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments<Arguments>();
        var session = context.Session;
        var vm = await VmLookup.OneAsync(session, arguments.Vm, cancellationToken);
        var hypervisor = hypervisors.Get(vm.HostId);
        var chains = await ChainsAsync(session, arguments, cancellationToken);

        var live = hypervisor.GetState(vm.Id) is PowerState.Running or PowerState.Paused;
        var frozen = false;
        if (!await IsSwitchedAsync(hypervisor, vm.Id, chains, cancellationToken))
            frozen = await hypervisor.SwitchDisksAsync(vm.Id, [.. chains.Select(c => DomainDefinitions.DiskOf(c.Key, c.Value))], quiesce: arguments.SnapshotId is not null, cancellationToken);

        if (arguments.SnapshotId is { } snapshotId)
        {
            var snapshot = await session.FirstOrDefaultAsync(session.Snapshots.Where(s => s.Id == snapshotId), cancellationToken);
            snapshot!.Live = live;
            snapshot.Quiesced = frozen;
            if (live && !frozen)
                context.Warn($"'{vm.Name}' runs without a guest agent that answers: the snapshot is crash-consistent, as after a power cut");
        }

        foreach (var disk in vm.Disks.Where(d => chains.ContainsKey(d.Target)))
        {
            if (arguments.SnapshotId is not null)
            {
                var before = (await LayerLookup.ManyAsync(session, [disk.LayerId], cancellationToken))[disk.LayerId];
                if (before.State == LayerState.Active)
                    before.State = LayerState.Sealing;
            }

            var now = chains[disk.Target][0];
            now.State = LayerState.Active;
            disk.LayerId = now.Id;
        }

        if (arguments.Independent)
            vm.OriginSnapshotId = null;
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<bool> IsDoneAsync(StepContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments<Arguments>();
        var vm = await VmLookup.OneAsync(context.Session, arguments.Vm, cancellationToken);
        return await IsSwitchedAsync(hypervisors.Get(vm.HostId), vm.Id, await ChainsAsync(context.Session, arguments, cancellationToken), cancellationToken);
    }

    private static async Task<Dictionary<string, IReadOnlyList<Layer>>> ChainsAsync(ICatalogSession session, Arguments arguments, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<Layer>> chains = [];
        foreach (var (target, layer) in arguments.Layers)
            chains[target] = await LayerLookup.ChainAsync(session, layer, cancellationToken);
        return chains;
    }

    private static async Task<bool> IsSwitchedAsync(IHypervisor hypervisor, Guid vm, Dictionary<string, IReadOnlyList<Layer>> chains, CancellationToken cancellationToken)
    {
        var paths = await hypervisor.GetDiskPathsAsync(vm, cancellationToken);
        return chains.All(c => paths.TryGetValue(c.Key, out var path) && path == c.Value[0].Path);
    }
}
