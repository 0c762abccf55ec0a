using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Events;

namespace Ramet.Core.Operations;

/// <summary>Begins operations, finds them, waits for them, cancels them, and takes up what a crash has left.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Neither has a timer or a wait handle, and a plan may still be under way when the runner stops.")]
public sealed class OperationRunner : IAsyncDisposable
{
    private readonly ICatalog _catalog;
    private readonly EventBus _events;
    private readonly TimeProvider _time;
    private readonly ILogger<OperationRunner> _logger;
    private readonly Dictionary<string, IStep> _kinds;
    private readonly ClaimTable _claims = new();
    private readonly SemaphoreSlim _planning = new(1, 1);
    private readonly ConcurrentDictionary<Guid, OperationExecution> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _disposed;

    public OperationRunner(ICatalog catalog, IEnumerable<IStep> steps, EventBus events, TimeProvider time, ILogger<OperationRunner> logger)
    {
        (_catalog, _events, _time, _logger) = (catalog, events, time, logger);
        _kinds = steps.ToDictionary(s => s.Kind);
    }

    /// <summary>
    /// Plans an operation and begins it. Planning reads, checks and adds records in the session that it is given; the
    /// records and the journal are saved together. One plan is made at a time, so that what it saw still holds when it is
    /// saved.
    /// </summary>
    public async Task<Operation> BeginAsync(string actor, Func<ICatalogSession, Task<OperationPlan>> plan, CancellationToken cancellationToken)
    {
        _stopping.Token.ThrowIfCancellationRequested();
        OperationExecution execution;
        Operation operation;
        await _planning.WaitAsync(cancellationToken);
        try
        {
            await using var session = _catalog.Open();
            var planned = await plan(session);
            operation = planned.ToOperation(Guid.CreateVersion7(_time.GetUtcNow()), actor, _time.GetUtcNow());
            execution = ExecutionOf(OperationCopy.Of(operation));
            _claims.Take(planned.Claims, operation.Id, planned.Title);
            try
            {
                session.Add(operation);
                await session.SaveAsync(cancellationToken);
            }
            catch
            {
                _claims.Release(operation.Id);
                throw;
            }

            _running[operation.Id] = execution;
        }
        finally
        {
            _planning.Release();
        }

        OperationLog.Begun(_logger, operation.Id, actor, operation.Title);
        _events.Publish("operation.created", operation.Id.ToString(), ("kind", operation.Kind), ("title", operation.Title), ("actor", actor));
        _ = RunAsync(operation.Id, execution, execution.RunAsync);
        return execution.Current();
    }

    /// <summary>Takes the claims of unfinished operations, before anybody is served; then call <see cref="RecoverAsync"/>.</summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        await using var session = _catalog.OpenReadOnly();
        var unfinished = await session.ListAsync(session.Operations.Where(o => o.FinishedAt == null), cancellationToken);
        foreach (var operation in unfinished)
        {
            operation.Steps.Clear();
            operation.Steps.AddRange(await session.ListAsync(session.Steps.Where(s => s.OperationId == operation.Id).OrderBy(s => s.Index), cancellationToken));
            _claims.Take(operation.Claims.Split('\n', StringSplitOptions.RemoveEmptyEntries), operation.Id, operation.Title);
            _running[operation.Id] = ExecutionOf(operation);
        }
    }

    /// <summary>Finishes or rolls back what <see cref="TakeUpAsync"/> has found; returns when all of it has ended.</summary>
    public Task RecoverAsync() =>
        Task.WhenAll(_running.ToList().Select(r => RunAsync(r.Key, r.Value, r.Value.RecoverAsync)));

    /// <summary>The operation as it is just now; null when there is none.</summary>
    public async Task<Operation?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(id, out var execution))
            return execution.Current();
        await using var session = _catalog.OpenReadOnly();
        var operation = await session.FirstOrDefaultAsync(session.Operations.Where(o => o.Id == id), cancellationToken);
        if (operation is null)
            return null;
        operation.Steps.Clear();
        operation.Steps.AddRange(await session.ListAsync(session.Steps.Where(s => s.OperationId == id).OrderBy(s => s.Index), cancellationToken));
        return operation;
    }

    /// <summary>Newest first, without steps; running ones with their progress of this moment.</summary>
    public async Task<IReadOnlyList<Operation>> ListAsync(OperationState? state, int limit, CancellationToken cancellationToken)
    {
        await using var session = _catalog.OpenReadOnly();
        var query = session.Operations;
        if (state is { } wanted)
            query = query.Where(o => o.State == wanted);
        var stored = await session.ListAsync(query.OrderByDescending(o => o.CreatedAt).Take(limit), cancellationToken);
        return [.. stored.Select(o => _running.TryGetValue(o.Id, out var execution) ? execution.Current() : o)];
    }

    /// <summary>The operation when it has finished, or as it is when <paramref name="timeout"/> is over.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>.</exception>
    public async Task<Operation> WaitAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(id, out var execution))
        {
            try
            {
                await execution.Finished.WaitAsync(timeout, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Then as it is.
            }
        }

        return await FindAsync(id, cancellationToken) ?? throw NoSuch(id);
    }

    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>, or <see cref="ErrorKind.InvalidState"/> when it has finished.</exception>
    public async Task<Operation> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(id, out var execution))
        {
            var ended = await FindAsync(id, cancellationToken) ?? throw NoSuch(id);
            throw new RametException(ErrorKind.InvalidState, $"operation {id} has ended already ({OperationCopy.Word(ended.State)})", @object: id.ToString());
        }

        execution.Cancel();
        return execution.Current();
    }

    /// <summary>The operation that works on a VM; null for none.</summary>
    public Guid? WorkingOn(Guid vmId) => _claims.HolderOf(vmId);

    /// <summary>Stops at the next safe points; the journal keeps the rest for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        // One that was taken up but never recovered, because the start failed, is under nobody's hands.
        await Task.WhenAll(_running.Values.Where(e => e.Begun).Select(e => e.Finished));
    }

    private async Task RunAsync(Guid id, OperationExecution execution, Func<CancellationToken, Task> run)
    {
        execution.Begun = true;
        await Task.Yield();
        try
        {
            await run(_stopping.Token);
        }
        finally
        {
            var ended = execution.Current();
            if (ended.FinishedAt is not null)
            {
                _claims.Release(id);
                _running.TryRemove(id, out _);
                _events.Publish("operation.finished", id.ToString(), ("state", OperationCopy.Word(ended.State)), ("title", ended.Title), ("error", ended.ErrorMessage ?? ""));
            }

            execution.SignalFinished();
        }
    }

    private OperationExecution ExecutionOf(Operation operation) => new(operation, _catalog, _kinds, _events, _time, _logger);

    private static RametException NoSuch(Guid id) =>
        new(ErrorKind.NotFound, $"there is no operation {id}", "'ramet operation list' shows them", id.ToString());
}
