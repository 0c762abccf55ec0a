using System.Threading.Channels;
using Ramet.Client.Transport;
using Ramet.Contracts;

namespace Ramet.Client;

/// <summary>
/// Waiting for an operation, in three tasks. One asks for it with ?wait=, which answers the moment it has finished, and is
/// the authority. One listens to its events; one fetches it when any have come, ten times a second at most however many
/// there are. Without events (a proxy that holds them back, a broken stream) the first one asks every second, so that
/// progress still shows.
/// </summary>
internal sealed class OperationWait(
    RametClient client, TimeProvider time, Guid id, Action<Operation>? changed, Action<RametApiException?>? away, TimeSpan patience)
{
    private const int WaitWithEvents = 30;
    private const int WaitWithoutEvents = 1;
    private static readonly TimeSpan BetweenFetches = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _listening;
    private bool _finished;

    public async Task<Operation> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = changed is null ? Task.CompletedTask : Task.WhenAll(ListenAsync(stop.Token), FetchAsync(stop.Token));
        try
        {
            return await AskAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await progress;
        }
    }

    private async Task<Operation> AskAsync(CancellationToken cancellationToken)
    {
        var absence = new Absence(time, patience, away, connected: true);
        while (true)
        {
            try
            {
                var operation = await client.GetOperationAsync(id, _listening ? WaitWithEvents : WaitWithoutEvents, cancellationToken);
                absence.Over();
                Report(operation);
                if (operation.Finished)
                    return operation;
            }
            catch (RametApiException e) when (e.Kind == RametApiException.ServerUnreachable)
            {
                await absence.WaitAsync(e, cancellationToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in client.WatchEventsAsync(id, afterId: null, patience, away: null, cancellationToken))
            {
                _listening = true;
                _news.Writer.TryWrite(true);
            }
        }
        catch (Exception e) when (e is RametApiException or OperationCanceledException)
        {
            // No progress by events then; whoever asks decides what is an error.
        }
        finally
        {
            _listening = false;
        }
    }

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in _news.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    Report(await client.GetOperationAsync(id, 0, cancellationToken));
                }
                catch (RametApiException)
                {
                    // The next event, or whoever asks, will do better.
                }

                await Task.Delay(BetweenFetches, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // It has finished.
        }
    }

    private void Report(Operation operation)
    {
        lock (_lock)
        {
            if (_finished)
                return;
            _finished = operation.Finished;
            changed?.Invoke(operation);
        }
    }
}
