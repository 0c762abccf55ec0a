using System.Collections.Concurrent;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Client.Tests;

public sealed class OperationWaitTests
{
    [Fact]
    public async Task Events_bring_progress_and_the_end_is_seen_at_once()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = new ScriptedOperation(server, ScriptedOperation.Running());
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });
        var half = new TaskCompletionSource();

        var waiting = client.WaitForOperationAsync(operation.Current, o =>
        {
            if (o.Progress == 0.5)
                half.TrySetResult();
        });
        await operation.Listened;
        operation.Change(o => o with { Progress = 0.5 });
        await half.Task.WaitAsync(TimeSpan.FromSeconds(30));
        operation.Finish();

        Assert.Equal("succeeded", (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).State);
    }

    [Fact]
    public async Task Without_events_progress_comes_by_asking()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = new ScriptedOperation(server, ScriptedOperation.Running(), events: false);
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });
        var half = new TaskCompletionSource();

        operation.Change(o => o with { Progress = 0.5 });
        var waiting = client.WaitForOperationAsync(operation.Current, o => half.TrySetResult());
        await half.Task.WaitAsync(TimeSpan.FromSeconds(30));
        operation.Finish("failed");

        Assert.Equal("failed", (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).State);
    }

    [Fact]
    public async Task A_restart_of_the_server_in_the_middle_is_said_and_survived()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = new ScriptedOperation(server, ScriptedOperation.Running());
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });
        var said = new ConcurrentQueue<string>();
        var away = new TaskCompletionSource();

        var waiting = client.WaitForOperationAsync(operation.Current, _ => { }, reason =>
        {
            said.Enqueue(reason?.Kind ?? "back");
            away.TrySetResult();
        });
        await operation.Listened;
        await server.StopAsync();
        await away.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await server.StartAgainAsync();
        operation.Finish();

        Assert.Equal("succeeded", (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).State);
        Assert.Equal([RametApiException.ServerUnreachable, "back"], said);
    }

    [Fact]
    public async Task Patience_with_a_server_that_stays_away_ends()
    {
        var server = await ScriptedServer.StartAsync();
        var operation = new ScriptedOperation(server, ScriptedOperation.Running());
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        var waiting = client.WaitForOperationAsync(operation.Current, patience: TimeSpan.FromMilliseconds(400));
        await server.DisposeAsync();

        var failed = await Assert.ThrowsAsync<RametApiException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(RametApiException.ServerUnreachable, failed.Kind);
    }

    [Fact]
    public async Task A_flood_of_events_does_not_become_a_flood_of_requests()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = new ScriptedOperation(server, ScriptedOperation.Running());
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });
        var last = new TaskCompletionSource();

        var waiting = client.WaitForOperationAsync(operation.Current, o =>
        {
            if (o.Progress == 1)
                last.TrySetResult();
        });
        await operation.Listened;
        for (var i = 1; i <= 5000; i++)
            operation.Change(o => o with { Progress = i / 5000.0 });
        await last.Task.WaitAsync(TimeSpan.FromSeconds(20));
        operation.Finish();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(server.Requests.Count, 1, 200);
    }
}
