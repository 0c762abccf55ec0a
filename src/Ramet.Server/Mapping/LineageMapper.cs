using Ramet.Contracts;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.Usage;
using Snapshot = Ramet.Core.Snapshots.Snapshot;
using VirtualMachine = Ramet.Core.VirtualMachines.VirtualMachine;

namespace Ramet.Server.Mapping;

/// <summary>The lineage as a tree, and what it takes.</summary>
/// <param name="space">What each layer takes, by id.</param>
internal sealed class LineageMapper(LineageGraph graph, IReadOnlyDictionary<Guid, LayerUsage> space, IHypervisors hypervisors)
{
    public TreeNode Map(VirtualMachine vm) => new(
        "vm", vm.Name, VmMapper.StateOf(vm, hypervisors), graph.DepthOf(vm), Allocated(vm.Disks.Select(d => d.LayerId)),
        [.. graph.SnapshotsOf(vm.Id).Select(Map)]);

    public static Usage Map(SpaceReport report) => new(
        [.. report.Vms.Select(Map)], report.ActualBytes, report.FullCopiesBytes, Math.Max(0, report.FullCopiesBytes - report.ActualBytes));

    private TreeNode Map(Snapshot snapshot) => new(
        "snapshot", graph.NameOf(snapshot), null, snapshot.Disks.Select(d => graph.ChainOf(d.LayerId).Count).DefaultIfEmpty(0).Max(),
        Allocated(snapshot.Disks.Select(d => d.LayerId)), [.. graph.ClonesOf(snapshot.Id).Select(Map)]);

    /// <summary>A VM that is nobody's clone has nothing to save: its own copy is all there is.</summary>
    private static VmUsage Map(VmSpace vm) => new(
        vm.Vm.Name, vm.Vm.OriginName, vm.VirtualSize, vm.ExclusiveBytes, vm.SharedBytes, vm.FullCopyBytes,
        vm.Vm.OriginSnapshotId is null ? 0 : Math.Max(0, vm.FullCopyBytes - vm.ExclusiveBytes));

    private long Allocated(IEnumerable<Guid> layers) => layers.Sum(id => space.TryGetValue(id, out var usage) ? usage.AllocatedBytes : 0);
}
