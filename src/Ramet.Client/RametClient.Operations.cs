using Ramet.Contracts;

namespace Ramet.Client;

/// <content>Operations.</content>
public sealed partial class RametClient
{
    /// <summary>Newest first, without steps.</summary>
    public Task<IReadOnlyList<Operation>> ListOperationsAsync(string? state = null, int? limit = null, CancellationToken cancellationToken = default) =>
        GetAsync(Query(Routes.Operations, ("state", state), ("limit", limit?.ToString())), j => j.IReadOnlyListOperation, cancellationToken);

    /// <param name="waitSeconds">Answer when it has finished, or after this many seconds (at most 60).</param>
    public Task<Operation> GetOperationAsync(Guid id, int waitSeconds = 0, CancellationToken cancellationToken = default) =>
        GetAsync(Query(Fill(Routes.Operation, "{id}", id.ToString()), ("wait", waitSeconds > 0 ? waitSeconds.ToString() : null)),
            j => j.Operation, cancellationToken);

    /// <summary>Asks; the operation answers at its next safe point, by rolling back what it has done.</summary>
    public Task<Operation> CancelOperationAsync(Guid id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, Fill(Routes.OperationCancel, "{id}", id.ToString()), null, j => j.Operation, cancellationToken);

    /// <summary>
    /// Waits until an operation has finished, through restarts of the server, and returns it as it ended, well or not.
    /// </summary>
    /// <param name="changed">Called with it as it goes on, from one thread at a time.</param>
    /// <param name="away">Called when the server goes away (with the reason) and when it is back (with null).</param>
    /// <param name="patience">How long the server may be away; default two minutes.</param>
    public Task<Operation> WaitForOperationAsync(
        Operation operation, Action<Operation>? changed = null, Action<RametApiException?>? away = null, TimeSpan? patience = null,
        CancellationToken cancellationToken = default) =>
        operation.Finished
            ? Task.FromResult(operation)
            : new OperationWait(this, _time, operation.Id, changed, away, patience ?? TimeSpan.FromMinutes(2)).RunAsync(cancellationToken);
}
