using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Cli.Tests;

public sealed class EventWatchTests
{
    [Theory]
    [InlineData("", "2026-01-02 03:04:05  vm.created  a  state=running\n2026-01-02 03:04:05  operation.progress  b\n2026-01-02 03:04:05  vm.state  c\n")]
    [InlineData("--kind vm.*", "2026-01-02 03:04:05  vm.created  a  state=running\n2026-01-02 03:04:05  vm.state  c\n")]
    [InlineData("--kind vm.state --kind operation", "2026-01-02 03:04:05  operation.progress  b\n2026-01-02 03:04:05  vm.state  c\n")]
    public async Task One_line_an_event_until_interrupted(string options, string expected)
    {
        await using var server = await ScriptedServer.StartAsync();
        Script(server);
        using var cli = new Cli(server);
        var running = cli.RunAsync(["event", "watch", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await UntilAsync(() => cli.Out.ToString().Contains("vm.state  c"));
        cli.Interrupts.Raise();
        var run = await running;
        Assert.Equal((130, expected), (run.Code, run.Out));
    }

    [Fact]
    public async Task Json_is_one_document_a_line()
    {
        await using var server = await ScriptedServer.StartAsync();
        Script(server);
        using var cli = new Cli(server);
        var running = cli.RunAsync("event", "watch", "--json");
        await UntilAsync(() => cli.Out.ToString().Split('\n').Length == 4);
        cli.Interrupts.Stop();
        var lines = (await running).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["a", "b", "c"], lines.Select(l => JsonSerializer.Deserialize(l, RametJson.Default.Event)!.Object));
    }

    private static void Script(ScriptedServer server) => server.On("GET", Routes.Events, async context =>
    {
        context.Response.ContentType = "text/event-stream";
        Event[] events =
        [
            new(1, Documents.At, "vm.created", "a", new Dictionary<string, string> { ["state"] = "running" }),
            new(2, Documents.At, "operation.progress", "b", new Dictionary<string, string>()),
            new(3, Documents.At, "vm.state", "c", new Dictionary<string, string>()),
        ];
        foreach (var e in events)
            await context.Response.WriteAsync($"id: {e.Id}\ndata: {JsonSerializer.Serialize(e, RametJson.Default.Event)}\n\n");
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }
}
