using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Usage;

/// <summary>Space of one VM, in bytes of allocated blocks.</summary>
/// <param name="ExclusiveBytes">Of layers that only this VM needs.</param>
/// <param name="SharedBytes">Of layers that others need too.</param>
/// <param name="FullCopyBytes">What a full copy would take: the guest bytes that its chain maps, each once at the most its virtual size.</param>
public sealed record VmSpace(VirtualMachine Vm, long VirtualSize, long ExclusiveBytes, long SharedBytes, long FullCopyBytes);

/// <summary>Space of VMs together.</summary>
/// <param name="ActualBytes">Every layer once.</param>
public sealed record SpaceReport(IReadOnlyList<VmSpace> Vms, long ActualBytes, long FullCopiesBytes);

/// <summary>How much space VMs take, and would take as full copies.</summary>
public sealed class UsageService(ICatalog catalog, ILayerStore store)
{
    private const int Parallelism = 4;

    /// <param name="selection">Null for all VMs.</param>
    public async Task<SpaceReport> MeasureAsync(VmSelection? selection, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var graph = await LineageGraph.LoadAsync(session, cancellationToken);
        var vms = selection?.Resolve(graph) ?? [.. graph.Vms.Values.OrderBy(v => v.Name, StringComparer.Ordinal)];
        var sharers = graph.CountSharers();
        var layers = await MeasureLayersAsync(vms.SelectMany(graph.LayersOf).Distinct().Select(id => graph.Layers[id]), cancellationToken);

        List<VmSpace> spaces = [];
        foreach (var vm in vms)
        {
            long exclusive = 0, shared = 0, full = 0, virtualSize = 0;
            foreach (var id in graph.LayersOf(vm))
            {
                if (sharers[id] == 1)
                    exclusive += layers[id].AllocatedBytes;
                else
                    shared += layers[id].AllocatedBytes;
            }

            foreach (var chain in vm.Disks.Select(d => graph.ChainOf(d.LayerId)))
            {
                virtualSize += chain[0].VirtualSize;
                // Layers overlap where a clone rewrote what it inherited: the sum is an upper bound, the virtual size another.
                full += Math.Min(chain.Sum(l => layers[l.Id].MappedBytes), chain[0].VirtualSize);
            }

            spaces.Add(new VmSpace(vm, virtualSize, exclusive, shared, full));
        }

        return new SpaceReport(spaces, layers.Values.Sum(l => l.AllocatedBytes), spaces.Sum(s => s.FullCopyBytes));
    }

    /// <summary>Allocated bytes of each layer; files that cannot be read count as nothing.</summary>
    public async Task<IReadOnlyDictionary<Guid, LayerUsage>> MeasureLayersAsync(IEnumerable<Layer> layers, CancellationToken cancellationToken)
    {
        var measured = new System.Collections.Concurrent.ConcurrentDictionary<Guid, LayerUsage>();
        await Parallel.ForEachAsync(layers, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (layer, cancelled) =>
        {
            try
            {
                measured[layer.Id] = await store.MeasureAsync(new LayerFile(layer.Path, layer.Format), cancelled);
            }
            catch (RametException)
            {
                measured[layer.Id] = new LayerUsage(layer.VirtualSize, 0, 0);
            }
        });
        return measured;
    }
}
