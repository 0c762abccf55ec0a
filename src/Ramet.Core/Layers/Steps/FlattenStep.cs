using Ramet.Core.Operations;

namespace Ramet.Core.Layers.Steps;

/// <summary>Writes the whole content of a chain into a new, independent layer.</summary>
internal sealed class FlattenStep(ILayerStore store) : IStep
{
    /// <param name="Source">The chain's active layer.</param>
    /// <param name="Target">A layer in state creating.</param>
    public sealed record Arguments(Guid Source, Guid Target);

    public const string Name = "layers.flatten";

    public string Kind => Name;

    public bool ChangesCatalog => false;

    public int Weight => 20;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments<Arguments>();
        var chain = await LayerLookup.ChainAsync(context.Session, arguments.Source, cancellationToken);
        var target = (await LayerLookup.ManyAsync(context.Session, [arguments.Target], cancellationToken))[arguments.Target];
        await store.FlattenAsync(chain.Files(), new LayerIdentity(target.Id, target.OwnerId, target.Target, target.CreatedAt), target.Path, context.Bytes(), cancellationToken);
    }

    public async Task UndoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = await LayerLookup.ManyAsync(context.Session, [context.Arguments<Arguments>().Target], cancellationToken);
        await store.DeleteAsync([.. target.Values.Select(l => l.Path)], cancellationToken);
    }
}
