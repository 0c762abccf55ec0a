using Ramet.Core.Catalog;

namespace Ramet.Core.Operations;

/// <summary>
/// One kind of journaled step. The journal writes "running" before and "done" after, so that <see cref="DoAsync"/> and
/// <see cref="UndoAsync"/> may find their work done already, or half done: both are idempotent.
/// </summary>
public interface IStep
{
    /// <summary>The persisted name.</summary>
    string Kind { get; }

    /// <summary>How much of the operation's progress it stands for, beside the others'.</summary>
    int Weight => 1;

    /// <summary>False for a step that stages nothing in <see cref="StepContext.Session"/>.</summary>
    bool ChangesCatalog => true;

    /// <summary>True when planning has left something for <see cref="UndoAsync"/> even if the step never began.</summary>
    bool UndoesPlanning => false;

    /// <summary>Does it. Catalog changes staged in <see cref="StepContext.Session"/> are saved in the same transaction as "done".</summary>
    Task DoAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>Takes it back; called for done and for half-done steps, in reverse order.</summary>
    Task UndoAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>After a crash during a <see cref="StepRole.Pivot"/> step: whether its effect is there (looked up, not remembered).</summary>
    Task<bool> IsDoneAsync(StepContext context, CancellationToken cancellationToken) => Task.FromResult(false);
}

/// <summary>What a running step gets.</summary>
public sealed class StepContext(
    Guid operationId, string arguments, ICatalogSession session, Action<double, long, long> report, Action<string> warn)
{
    public Guid OperationId { get; } = operationId;

    /// <summary>Tracks; saved with the step's new state.</summary>
    public ICatalogSession Session { get; } = session;

    /// <summary>The step's arguments.</summary>
    public T Arguments<T>() => StepArguments.Parse<T>(arguments);

    /// <summary>Progress of this step, 0 to 1, and bytes where it moves bytes. Cheap: call it as often as you like.</summary>
    public void Report(double progress, long bytesDone = 0, long bytesTotal = 0) => report(progress, bytesDone, bytesTotal);

    /// <summary>Something that the user should know although the step went well.</summary>
    public void Warn(string text) => warn(text);

    /// <summary>Progress in bytes.</summary>
    public IProgress<(long Done, long Total)> Bytes() =>
        new DirectProgress<(long Done, long Total)>(p => report(p.Total == 0 ? 1 : (double)p.Done / p.Total, p.Done, p.Total));

    /// <summary>Progress in pieces of a known number.</summary>
    public IProgress<int> Count(int total) =>
        new DirectProgress<int>(done => report(total == 0 ? 1 : (double)done / total, 0, 0));

    /// <summary>Calls on the reporting thread: <see cref="Progress{T}"/> would post to the pool, out of order.</summary>
    private sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
