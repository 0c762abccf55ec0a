using Ramet.Core.Layers;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>
/// Stands for the records that planning has added in state creating. Doing it is nothing; undoing it removes them, last of
/// all, when nothing that they name is left.
/// </summary>
internal sealed class KeepRecordsStep : IStep
{
    public sealed record Arguments(IReadOnlyList<Guid> Vms, IReadOnlyList<Guid> Layers, IReadOnlyList<Guid> Snapshots);

    public const string Name = "records.keep";

    public string Kind => Name;

    public bool ChangesCatalog => false;

    public int Weight => 0;

    public bool UndoesPlanning => true;

    public Task DoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task UndoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (vms, layers, snapshots) = context.Arguments<Arguments>();
        var session = context.Session;
        foreach (var batch in vms.Chunk(500))
            session.RemoveRange(await session.ListAsync(session.VirtualMachines.Where(v => batch.Contains(v.Id)), cancellationToken));
        foreach (var batch in snapshots.Chunk(500))
            session.RemoveRange(await session.ListAsync(session.Snapshots.Where(s => batch.Contains(s.Id)), cancellationToken));
        session.RemoveRange((await LayerLookup.ManyAsync(session, layers, cancellationToken)).Values);
    }
}
