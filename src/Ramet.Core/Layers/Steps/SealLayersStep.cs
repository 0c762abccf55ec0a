using Ramet.Core.Operations;

namespace Ramet.Core.Layers.Steps;

/// <summary>Makes layers read-only for ever and notes their digests. Comes after a pivot: it only ever goes forward.</summary>
internal sealed class SealLayersStep(ILayerStore store) : IStep
{
    public sealed record Arguments(IReadOnlyList<Guid> Layers);

    public const string Name = "layers.seal";

    public string Kind => Name;

    public int Weight => 10;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var layers = await LayerLookup.ManyAsync(context.Session, context.Arguments<Arguments>().Layers, cancellationToken);
        foreach (var layer in layers.Values.Where(l => l.State != LayerState.Sealed))
        {
            var seal = await store.SealAsync(new LayerFile(layer.Path, layer.Format), context.Bytes(), cancellationToken);
            layer.Digest = seal.Digest;
            layer.SealedLength = seal.Length;
            layer.SealedMtimeNs = seal.MtimeNs;
            layer.SealedInode = seal.Inode;
            layer.State = LayerState.Sealed;
        }
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
