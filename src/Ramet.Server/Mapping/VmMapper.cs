using Ramet.Contracts;
using Ramet.Core.Hosts;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines;
using Layer = Ramet.Core.Layers.Layer;
using VirtualMachine = Ramet.Core.VirtualMachines.VirtualMachine;

namespace Ramet.Server.Mapping;

/// <summary>VMs as the API shows them, seen in one reading of the catalog.</summary>
/// <param name="hosts">Names by id.</param>
/// <param name="datastores">Names by id.</param>
internal sealed class VmMapper(
    LineageGraph graph, IReadOnlyDictionary<Guid, string> hosts, IReadOnlyDictionary<Guid, string> datastores, IHypervisors hypervisors)
{
    private Dictionary<Guid, int>? _sharers;

    /// <param name="withChains">Whether disks list their layers.</param>
    public Contracts.VirtualMachine Map(VirtualMachine vm, bool withChains)
    {
        List<Disk> disks = [.. vm.Disks.OrderBy(d => d.Target, StringComparer.Ordinal).Select(d => Map(d, withChains))];
        return new(
            vm.Id, vm.Name, vm.Description, hosts.GetValueOrDefault(vm.HostId, "?"), StateOf(vm, hypervisors), OriginOf(vm),
            disks.Select(d => d.Depth).DefaultIfEmpty(0).Max(), vm.Cpus, vm.MemoryMiB, OperationCopy.Word(vm.Firmware), OperationCopy.Word(vm.CloudInit),
            vm.Adopted, vm.Hostname, vm.MachineId, vm.GenerationId, vm.Serial, vm.InstanceId, vm.CreatedAt, disks,
            [.. vm.Nics.OrderBy(n => n.Index).Select(n => new Nic(n.Mac, n.Network))],
            graph.SnapshotsOf(vm.Id).Count(), graph.SnapshotsOf(vm.Id).Sum(s => graph.ClonesOf(s.Id).Count()));
    }

    public Contracts.Layer Map(Layer layer) => new(
        layer.Id, layer.Path, OperationCopy.Word(layer.Format), OperationCopy.Word(layer.State), DatastoreOf(layer),
        layer.VirtualSize, layer.Digest, (_sharers ??= graph.CountSharers()).GetValueOrDefault(layer.Id, 0));

    /// <summary>Where a VM stands in its life; once that is settled, its power state.</summary>
    public static string StateOf(VirtualMachine vm, IHypervisors hypervisors) => vm.Lifecycle == VmLifecycle.Ready
        ? OperationCopy.Word(hypervisors.Get(vm.HostId).GetState(vm.Id))
        : OperationCopy.Word(vm.Lifecycle);

    /// <summary>"" for a file that was adopted where it is.</summary>
    private string DatastoreOf(Layer layer) => layer.DatastoreId is { } id ? datastores.GetValueOrDefault(id, "?") : "";

    /// <summary>"debian12@v1", as the parent is called now.</summary>
    private string? OriginOf(VirtualMachine vm) =>
        vm.OriginSnapshotId is not { } id ? null
        : graph.Snapshots.TryGetValue(id, out var snapshot) ? graph.NameOf(snapshot)
        : vm.OriginName;

    private Disk Map(VmDisk disk, bool withChain)
    {
        var chain = graph.ChainOf(disk.LayerId);
        return new(
            disk.Target, chain[0].VirtualSize, chain[0].Path, OperationCopy.Word(chain[0].Format), chain.Count, withChain ? [.. chain.Select(Map)] : []);
    }
}
