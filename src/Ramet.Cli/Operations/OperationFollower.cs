using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Cli.Operations;

/// <summary>
/// Waits for an operation and says how it ended. Ctrl-C asks the server to cancel and waits on, for the roll-back; one more
/// leaves at once, and the operation goes on without us.
/// </summary>
internal sealed class OperationFollower : IDisposable
{
    private readonly Invocation _call;
    private readonly IProgressView _view;
    private readonly CancellationTokenSource _leave = new();
    private Operation _latest;
    private Task _cancelling = Task.CompletedTask;
    private int _interrupts;

    private OperationFollower(Invocation call, Operation begun)
    {
        _call = call;
        _latest = begun;
        _view = call.Json || call.Quiet ? new SilentProgress()
            : call.ErrorScreen.IsTerminal ? new BarProgress(call.ErrorScreen)
            : new LineProgress(call.ErrorScreen, call.Host.Time);
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> FollowAsync(Invocation call, Operation begun, CancellationToken cancellationToken)
    {
        if (call.NoWait)
            return call.Show(begun, RametJson.Default.Operation, o => call.Out.WriteLine(o.Id));
        using var follower = new OperationFollower(call, begun);
        return OperationOutcome.Print(call, await follower.WaitAsync(cancellationToken));
    }

    /// <summary>For a cancel: to have been cancelled is what was asked for.</summary>
    public static async Task<int> FollowCancelAsync(Invocation call, Operation operation, CancellationToken cancellationToken)
    {
        if (call.NoWait)
            return await FollowAsync(call, operation, cancellationToken);
        using var follower = new OperationFollower(call, operation);
        var ended = await follower.WaitAsync(cancellationToken);
        return ended is { State: "cancelled" }
            ? call.Show(ended, RametJson.Default.Operation, o => call.Screen.Line("cancelled:", Look.Good, o.Title))
            : OperationOutcome.Print(call, ended);
    }

    public void Dispose() => _leave.Dispose();

    /// <returns>It as it ended; null when the user left before.</returns>
    private async Task<Operation?> WaitAsync(CancellationToken cancellationToken)
    {
        if (_latest.Finished)
            return _latest;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _leave.Token);
        using (_call.Host.Interrupts.Handle(Interrupted))
        {
            try
            {
                var ended = await _view.RunAsync(_latest, () => _call.Client.WaitForOperationAsync(_latest, Changed, Away, null, stop.Token));
                await _cancelling;
                return ended;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                SayLeft();
                return null;
            }
            catch (RametApiException e) when (e.Kind == RametApiException.ServerUnreachable)
            {
                throw new RametApiException(e.Problem with
                {
                    Title = $"gave up waiting for operation {_latest.Id}: {e.Problem.Title}",
                    Remedy = $"when the server is back it finishes the operation or rolls it back; see: ramet operation wait {_latest.Id}",
                }, e);
            }
        }
    }

    private void Changed(Operation operation)
    {
        _latest = operation;
        _view.Show(operation);
    }

    private void Away(RametApiException? reason) =>
        _view.Say(reason is null ? "the server is back" : "the server went away; still trying (the operation goes on when it is back)");

    private void Interrupted()
    {
        if (Interlocked.Increment(ref _interrupts) > 1)
        {
            _leave.Cancel();
            return;
        }

        _view.Say("cancelling: what was done is rolled back; Ctrl-C again leaves that to the server");
        _cancelling = CancelAsync();
    }

    private async Task CancelAsync()
    {
        try
        {
            await _call.Client.CancelOperationAsync(_latest.Id, _leave.Token);
        }
        catch (RametApiException e)
        {
            _view.Say($"it cannot be cancelled: {e.Problem.Title}");
        }
        catch (OperationCanceledException)
        {
            // Left meanwhile.
        }
    }

    private void SayLeft()
    {
        if (_call.Json)
            Invocation.WriteJson(_call.Out, _latest, RametJson.Default.Operation, indented: true);
        else
            _call.ErrorScreen.Line($"left; operation {_latest.Id} goes on. See: ramet operation wait {_latest.Id}", Look.Warning);
    }
}
