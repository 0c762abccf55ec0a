using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Ramet.Contracts;

namespace Ramet.Testing;

/// <summary>An operation that a test drives: ?wait= is held until it has finished, and every change sends an event.</summary>
internal sealed class ScriptedOperation
{
    private readonly ScriptedServer _server;
    private readonly Lock _lock = new();
    private readonly List<Channel<long>> _listeners = [];
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _listened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _eventId;

    public ScriptedOperation(ScriptedServer server, Operation operation, bool events = true)
    {
        _server = server;
        Current = operation;
        server.On("GET", $"{Routes.Base}/operations/{operation.Id}", GetAsync);
        server.On("POST", $"{Routes.Base}/operations/{operation.Id}/cancel", CancelAsync);
        if (events)
            server.On("GET", $"{Routes.Events}?operation={operation.Id}", ListenAsync);
    }

    public Operation Current { get; private set; }

    /// <summary>Somebody listens to its events.</summary>
    public Task Listened => _listened.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Somebody asked to cancel it.</summary>
    public Task CancelAsked => _cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>How many asked with ?wait= so far.</summary>
    public int Waits { get; private set; }

    public static Operation Running(string title = "Clone debian12@v1 to seat-01", string kind = "clone") => new(
        Guid.Parse("0198a1f2-5b7c-7d3e-9f00-1a2b3c4d5e6f"), kind, title, "uid:0 (root)", "running", false, 0, 0, 0,
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), null, null, [], [], []);

    public static Operation Ended(Operation operation, string state = "succeeded") =>
        operation with { State = state, Progress = state == "succeeded" ? 1 : operation.Progress, FinishedAt = operation.CreatedAt.AddSeconds(1.5) };

    public void Change(Func<Operation, Operation> change)
    {
        lock (_lock)
        {
            Current = change(Current);
            _eventId++;
            foreach (var listener in _listeners)
                listener.Writer.TryWrite(_eventId);
        }

        if (Current.Finished)
            _finished.TrySetResult();
    }

    public void Finish(string state = "succeeded") => Change(o => Ended(o, state));

    private async Task GetAsync(HttpContext context)
    {
        if (int.TryParse(context.Request.Query["wait"], out var seconds))
        {
            Waits++;
            try
            {
                await _finished.Task.WaitAsync(TimeSpan.FromSeconds(seconds), _server.Stopping);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
            }
        }

        await ScriptedServer.WriteAsync(context, Current, RametJson.Default.Operation);
    }

    private async Task CancelAsync(HttpContext context)
    {
        Change(o => o with { CancelRequested = true });
        _cancelled.TrySetResult();
        await ScriptedServer.WriteAsync(context, Current, RametJson.Default.Operation, 202);
    }

    private async Task ListenAsync(HttpContext context)
    {
        var events = Channel.CreateUnbounded<long>();
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        lock (_lock)
            _listeners.Add(events);
        _listened.TrySetResult();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _server.Stopping);
        try
        {
            await foreach (var id in events.Reader.ReadAllAsync(end.Token))
            {
                var data = new Event(id, Current.CreatedAt, "operation.progress", Current.Id.ToString(), new Dictionary<string, string>());
                await context.Response.WriteAsync($"id: {id}\nevent: operation.progress\ndata: {JsonSerializer.Serialize(data, RametJson.Default.Event)}\n\n", Encoding.UTF8, end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            lock (_lock)
                _listeners.Remove(events);
        }
    }
}
