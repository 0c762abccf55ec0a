using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Client.Tests;

public sealed class EventTests
{
    [Fact]
    public async Task A_broken_stream_goes_on_after_the_last_event()
    {
        await using var server = await ScriptedServer.StartAsync();
        var connections = 0;
        var arrived = new TaskCompletionSource();
        server.On("GET", Routes.Events, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            var first = Interlocked.Increment(ref connections) == 1;
            await context.Response.WriteAsync(": hello\n\n" + (first ? Line(7) + "data: not ours\n\n" + Line(8) : Line(9)));
            await context.Response.Body.FlushAsync();
            if (first)
            {
                // Aborted earlier, what was flushed might never leave the machine's buffers.
                await arrived.Task;
                context.Abort();
            }
            else
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, server.Stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });
        var seen = new List<long>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        await foreach (var e in client.WatchEventsAsync(null, 3, TimeSpan.FromSeconds(60), null, patience.Token))
        {
            seen.Add(e.Id);
            if (e.Id == 8)
                arrived.SetResult();
            if (seen.Count == 3)
                break;
        }

        Assert.Equal([7, 8, 9], seen);
        Assert.Equal(["3", "8"], server.Requests.Select(r => r.LastEventId));
    }

    [Fact]
    public async Task The_first_connection_has_to_succeed()
    {
        using var client = new RametClient(new RametEndpoint { Socket = "/nonexistent/ramet.sock" });

        var failed = await Assert.ThrowsAsync<RametApiException>(async () =>
        {
            await foreach (var _ in client.WatchEventsAsync(null, null, TimeSpan.FromSeconds(10), null))
                Assert.Fail("an event of nobody");
        });
        Assert.Equal(RametApiException.ServerUnreachable, failed.Kind);
    }

    private static string Line(long id) =>
        $"id: {id}\ndata: {JsonSerializer.Serialize(new Event(id, Documents.At, "vm.state", "seat-01", new Dictionary<string, string>()), RametJson.Default.Event)}\n\n";
}
