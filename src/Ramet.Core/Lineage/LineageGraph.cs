using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Lineage;

/// <summary>
/// The dependency graph at one moment: VMs and snapshots hold layers, layers stand on layers. What may be deleted, who
/// depends on whom, how deep a chain is: all of it is read off here and nowhere else.
/// </summary>
public sealed class LineageGraph
{
    /// <summary>Deeper than any chain that works; a longer one is a loop.</summary>
    private const int DeepestChain = 1000;

    private readonly Dictionary<Guid, VirtualMachine> _vms;
    private readonly Dictionary<Guid, Snapshot> _snapshots;
    private readonly Dictionary<Guid, Layer> _layers;
    private readonly ILookup<Guid, Snapshot> _snapshotsByVm;
    private readonly ILookup<Guid, VirtualMachine> _clonesBySnapshot;

    private LineageGraph(List<VirtualMachine> vms, List<Snapshot> snapshots, List<Layer> layers)
    {
        _vms = vms.ToDictionary(v => v.Id);
        _snapshots = snapshots.ToDictionary(s => s.Id);
        _layers = layers.ToDictionary(l => l.Id);
        _snapshotsByVm = snapshots.OrderBy(s => s.CreatedAt).ToLookup(s => s.VmId);
        _clonesBySnapshot = vms.Where(v => v.OriginSnapshotId is not null).OrderBy(v => v.Name, StringComparer.Ordinal).ToLookup(v => v.OriginSnapshotId!.Value);
    }

    public IReadOnlyDictionary<Guid, VirtualMachine> Vms => _vms;

    public IReadOnlyDictionary<Guid, Snapshot> Snapshots => _snapshots;

    public IReadOnlyDictionary<Guid, Layer> Layers => _layers;

    /// <summary>Reads the whole graph; with a tracking session its entities can be changed and saved.</summary>
    public static async Task<LineageGraph> LoadAsync(ICatalogSession session, CancellationToken cancellationToken) => new(
        await session.ListAsync(session.VirtualMachines, cancellationToken),
        await session.ListAsync(session.Snapshots, cancellationToken),
        await session.ListAsync(session.Layers, cancellationToken));

    /// <summary>
    /// Only one VM, with its snapshots and all that they stand on: enough to plan what is made from it, at a cost that does not
    /// grow with the number of VMs. Who depends on it this graph does not know.
    /// </summary>
    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>.</exception>
    public static async Task<LineageGraph> LoadOneAsync(ICatalogSession session, string vmName, CancellationToken cancellationToken)
    {
        var vm = await session.FirstOrDefaultAsync(session.VirtualMachines.Where(v => v.Name == vmName), cancellationToken) ?? throw VmSelection.NoSuch(vmName);
        var snapshots = await session.ListAsync(session.Snapshots.Where(s => s.VmId == vm.Id), cancellationToken);
        Dictionary<Guid, Layer> layers = [];
        var wanted = vm.Disks.Select(d => d.LayerId).Concat(snapshots.SelectMany(s => s.Disks).Select(d => d.LayerId)).ToHashSet();
        while (wanted.Count > 0)
        {
            var found = await LayerLookup.ManyAsync(session, wanted, cancellationToken);
            foreach (var (id, layer) in found)
                layers[id] = layer;
            wanted = found.Values.Where(l => l.BackingLayerId is { } below && !layers.ContainsKey(below)).Select(l => l.BackingLayerId!.Value).ToHashSet();
        }

        return new LineageGraph([vm], snapshots, [.. layers.Values]);
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<Snapshot> SnapshotsOf(Guid vmId) => _snapshotsByVm[vmId];

    /// <summary>Linked clones made from a snapshot, by name.</summary>
    public IEnumerable<VirtualMachine> ClonesOf(Guid snapshotId) => _clonesBySnapshot[snapshotId];

    /// <summary>"debian12@v1".</summary>
    public string NameOf(Snapshot snapshot) => $"{(_vms.TryGetValue(snapshot.VmId, out var vm) ? vm.Name : "?")}@{snapshot.Name}";

    /// <summary>A layer and everything it stands on, base last.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.Internal"/> for a loop or a record that points nowhere.</exception>
    public IReadOnlyList<Layer> ChainOf(Guid layerId)
    {
        List<Layer> chain = [];
        for (Guid? next = layerId; next is { } id;)
        {
            if (!_layers.TryGetValue(id, out var layer))
                throw new RametException(ErrorKind.Internal, $"layer {id} is in a chain but not in the catalog", "'ramet doctor' shows what else is wrong", id.ToString());
            if (chain.Count == DeepestChain)
                throw new RametException(ErrorKind.Internal, $"the chain of layer {layerId} is a loop", "'ramet doctor' shows what else is wrong", layerId.ToString());
            chain.Add(layer);
            next = layer.BackingLayerId;
        }

        return chain;
    }

    /// <summary>Number of layers of the VM's deepest chain.</summary>
    public int DepthOf(VirtualMachine vm) => vm.Disks.Select(d => ChainOf(d.LayerId).Count).DefaultIfEmpty(0).Max();

    /// <summary>Every layer that a VM needs, of its disks and of its snapshots.</summary>
    public HashSet<Guid> LayersOf(VirtualMachine vm) =>
        [.. vm.Disks.Select(d => d.LayerId).Concat(SnapshotsOf(vm.Id).SelectMany(s => s.Disks).Select(d => d.LayerId)).SelectMany(ChainOf).Select(l => l.Id)];

    /// <summary>VMs outside <paramref name="vmIds"/> whose disks or snapshots stand on layers made for VMs in it, by name.</summary>
    public IReadOnlyList<VirtualMachine> DependentsOf(IReadOnlySet<Guid> vmIds) =>
        [.. _vms.Values
            .Where(v => !vmIds.Contains(v.Id) && LayersOf(v).Any(l => vmIds.Contains(_layers[l].OwnerId)))
            .OrderBy(v => v.Name, StringComparer.Ordinal)];

    /// <summary>Layers that nobody but the VMs in <paramref name="vmIds"/> needs: what can go when these go.</summary>
    public IReadOnlyList<Layer> LayersOnlyOf(IReadOnlySet<Guid> vmIds)
    {
        var needed = _vms.Values.Where(v => !vmIds.Contains(v.Id)).SelectMany(LayersOf).ToHashSet();
        return [.. vmIds.Where(_vms.ContainsKey).SelectMany(id => LayersOf(_vms[id])).Distinct().Where(l => !needed.Contains(l)).Select(l => _layers[l])];
    }

    /// <summary>Layers below and including <paramref name="layerIds"/> that no VM and no snapshot needs any more.</summary>
    public IReadOnlyList<Layer> Unneeded(IEnumerable<Guid> layerIds)
    {
        var needed = _vms.Values.SelectMany(LayersOf).ToHashSet();
        return [.. layerIds.Where(_layers.ContainsKey).SelectMany(ChainOf).Distinct().Where(l => !needed.Contains(l.Id))];
    }

    /// <summary>VMs whose chains hold a layer, by name.</summary>
    public IReadOnlyList<string> NamesOn(Guid layerId) =>
        [.. _vms.Values.Where(v => LayersOf(v).Contains(layerId)).Select(v => v.Name).Order(StringComparer.Ordinal)];

    /// <summary>How many VMs each layer serves.</summary>
    public Dictionary<Guid, int> CountSharers()
    {
        Dictionary<Guid, int> sharers = [];
        foreach (var layer in _vms.Values.SelectMany(LayersOf))
            sharers[layer] = sharers.GetValueOrDefault(layer) + 1;
        return sharers;
    }
}
