using Ramet.Core.Catalog;

namespace Ramet.Core.Layers;

/// <summary>Layers by id.</summary>
internal static class LayerLookup
{
    /// <summary>Databases limit the number of parameters; so many ids go into one query.</summary>
    private const int Batch = 500;

    public static async Task<Dictionary<Guid, Layer>> ManyAsync(ICatalogSession session, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        Dictionary<Guid, Layer> found = [];
        foreach (var batch in ids.Distinct().Chunk(Batch))
        {
            foreach (var layer in await session.ListAsync(session.Layers.Where(l => batch.Contains(l.Id)), cancellationToken))
                found[layer.Id] = layer;
        }

        return found;
    }

    /// <summary>A chain of files, active layer first.</summary>
    public static async Task<IReadOnlyList<Layer>> ChainAsync(ICatalogSession session, Guid layerId, CancellationToken cancellationToken)
    {
        List<Layer> chain = [];
        for (Guid? next = layerId; next is { } id;)
        {
            var layer = await session.FirstOrDefaultAsync(session.Layers.Where(l => l.Id == id), cancellationToken)
                ?? throw new Errors.RametException(Errors.ErrorKind.Internal, $"layer {id} is in a chain but not in the catalog", "'ramet doctor' shows what else is wrong", id.ToString());
            chain.Add(layer);
            next = layer.BackingLayerId;
        }

        return chain;
    }

    public static IReadOnlyList<LayerFile> Files(this IEnumerable<Layer> chain) => [.. chain.Select(l => new LayerFile(l.Path, l.Format))];
}
