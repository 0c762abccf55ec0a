using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Lineage;

namespace Ramet.Core.Layers;

/// <summary>Stands before every start and every clone: a sealed layer that changed, or is gone, lets nobody pass.</summary>
public sealed class SealGuard(ILayerStore store)
{
    /// <exception cref="RametException"><see cref="ErrorKind.LayerChanged"/>, with the names of all VMs that stand on the layer.</exception>
    public async Task CheckAsync(ICatalogSession session, IEnumerable<Layer> chain, CancellationToken cancellationToken)
    {
        foreach (var layer in chain.Where(l => l.State == LayerState.Sealed))
        {
            if (await store.FindChangeAsync(layer, cancellationToken) is not { } change)
                continue;
            var affected = (await LineageGraph.LoadAsync(session, cancellationToken)).NamesOn(layer.Id);
            throw new RametException(ErrorKind.LayerChanged, $"the sealed layer {layer.Path} is not what it was: {change}",
                "put the file back from a backup; 'ramet doctor --verify' compares its digest", layer.Path, [.. affected.Select(n => $"affected: {n}")]);
        }
    }
}
