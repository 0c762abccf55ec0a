using Ramet.Core.Lineage;
using Ramet.Core.Operations;

namespace Ramet.Core.Layers.Steps;

/// <summary>Creates the overlays of layers in state creating, sparse, one durable sync for the batch.</summary>
internal sealed class CreateOverlaysStep(ILayerStore store) : IStep
{
    /// <param name="Layers">Ids.</param>
    public sealed record Arguments(IReadOnlyList<Guid> Layers);

    public const string Name = "layers.create-overlays";

    public string Kind => Name;

    public bool ChangesCatalog => false;

    public int Weight => 3;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var wanted = context.Arguments<Arguments>().Layers;
        var layers = await LayerLookup.ManyAsync(context.Session, wanted, cancellationToken);
        var backing = (await LayerLookup.ManyAsync(context.Session, layers.Values.Select(l => l.BackingLayerId!.Value), cancellationToken));
        var requests = wanted.Select(id => layers[id]).Select(layer =>
        {
            var below = backing[layer.BackingLayerId!.Value];
            return new OverlayRequest(layer.Path, layer.VirtualSize, new LayerFile(below.Path, below.Format),
                new LayerIdentity(layer.Id, layer.OwnerId, layer.Target, layer.CreatedAt));
        });
        await store.CreateOverlaysAsync([.. requests], context.Count(wanted.Count), cancellationToken);
    }

    public async Task UndoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var layers = await LayerLookup.ManyAsync(context.Session, context.Arguments<Arguments>().Layers, cancellationToken);
        await store.DeleteAsync([.. layers.Values.Select(l => l.Path)], cancellationToken);
    }
}
