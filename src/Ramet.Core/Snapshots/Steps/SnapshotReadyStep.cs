using Ramet.Core.Events;
using Ramet.Core.Operations;

namespace Ramet.Core.Snapshots.Steps;

/// <summary>Its layers are sealed: clones may be made from the snapshot.</summary>
internal sealed class SnapshotReadyStep(EventBus events) : IStep
{
    /// <param name="FullName">"debian12@v1".</param>
    public sealed record Arguments(Guid Snapshot, string FullName);

    public const string Name = "snapshot.ready";

    public string Kind => Name;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (id, name) = context.Arguments<Arguments>();
        var snapshot = await context.Session.FirstOrDefaultAsync(context.Session.Snapshots.Where(s => s.Id == id), cancellationToken);
        snapshot!.State = SnapshotState.Ready;
        events.Publish("snapshot.created", name, ("id", id.ToString()));
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
