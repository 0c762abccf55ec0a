using Ramet.Core.Lineage;
using Ramet.Core.Operations;

namespace Ramet.Core.Layers.Steps;

/// <summary>Deletes the layers of chains that no VM and no snapshot needs any more: what a VM stood on before it was refreshed or promoted.</summary>
internal sealed class DropLayersStep(ILayerStore store) : IStep
{
    /// <param name="Layers">Tops of the chains.</param>
    public sealed record Arguments(IReadOnlyList<Guid> Layers);

    public const string Name = "layers.drop";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var graph = await LineageGraph.LoadAsync(context.Session, cancellationToken);
        var unneeded = graph.Unneeded(context.Arguments<Arguments>().Layers);
        await store.DeleteAsync([.. unneeded.Where(l => l.Managed).Select(l => l.Path)], cancellationToken);
        context.Session.RemoveRange(unneeded);
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
