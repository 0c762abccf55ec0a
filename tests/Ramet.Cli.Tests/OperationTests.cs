using System.Text.Json;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Cli.Tests;

public sealed class OperationTests
{
    [Fact]
    public async Task Progress_is_lines_in_a_pipe()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = Begin(server);
        using var cli = new Cli(server);
        var running = cli.RunAsync("clone", "debian12@v1", "--name", "seat-01");

        await operation.Listened;
        operation.Change(o => o with
        {
            Progress = 0.42,
            BytesDone = 3L << 29,
            BytesTotal = 4L << 30,
            Steps = [new OperationStep(0, "Create", "done", 1, null), new OperationStep(1, "Copy [x]", "running", 0.4, null)],
        });
        await Seen(cli, "42%  1.5 GiB of 4 GiB  step 2/2: Copy [x]");
        operation.Change(o => ScriptedOperation.Ended(o) with { Warnings = ["no guest agent"], Result = ["seat-01"] });
        var run = await running;

        Assert.Equal(0, run.Code);
        Assert.Equal("done: Clone debian12@v1 to seat-01 (1.5 s)\n", run.Out);
        Assert.StartsWith($"Clone debian12@v1 to seat-01 (operation {operation.Current.Id})\n", run.Error);
        Assert.EndsWith("warning: no guest agent\n", run.Error);
    }

    [Fact]
    public async Task Progress_is_a_bar_on_a_terminal()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = Begin(server, ScriptedOperation.Running("Clone [red]a[/] to b"));
        using var cli = new Cli(server) { Terminal = true };
        var running = cli.RunAsync("clone", "a", "--name", "b");

        await operation.Listened;
        operation.Change(o => o with { Progress = 0.42, BytesDone = 1024, BytesTotal = 2048, Steps = [new OperationStep(0, "Copy [x]", "running", 0.4, null)] });
        await Seen(cli, "42%");
        operation.Finish();
        var run = await running;

        Assert.Equal(0, run.Code);
        foreach (var shown in new[] { "Clone [red]a[/] to b", "━", "1 KiB of 2 KiB", "step 1/1: Copy [x]" })
            Assert.Contains(shown, run.Error);
        Assert.EndsWith("\e[?25h", run.Error);
        Assert.Contains("done:", run.Out);
    }

    [Fact]
    public async Task Json_and_quiet_say_nothing_meanwhile()
    {
        await using var server = await ScriptedServer.StartAsync();
        foreach (var flag in new[] { "--json", "--quiet" })
        {
            var operation = Begin(server);
            using var cli = new Cli(server);
            var running = cli.RunAsync("start", "a", flag);
            await operation.Listened;
            operation.Change(o => o with { Progress = 0.5 });
            operation.Change(o => ScriptedOperation.Ended(o) with { Result = ["a", "b"] });
            var run = await running;
            Assert.Equal((0, ""), (run.Code, run.Error));
            if (flag == "--json")
                Assert.Equal("succeeded", JsonSerializer.Deserialize(run.Out, RametJson.Default.Operation)!.State);
            else
                Assert.Equal("a\nb\n", run.Out);
        }
    }

    [Fact]
    public async Task No_wait_prints_the_id_at_once()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = Begin(server);
        var run = await Cli.RunAsync(server, "start", "a", "--no-wait");
        Assert.Equal((0, operation.Current.Id + "\n", ""), (run.Code, run.Out, run.Error));
        Assert.Equal(0, operation.Waits);
    }

    [Fact]
    public async Task A_failed_operation_says_why_and_the_way_out()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Answer("POST", Routes.Clone, ScriptedOperation.Ended(ScriptedOperation.Running(), "failed") with
        {
            Error = Documents.Problem("noSpace", 507, "no room for 10 clones", "default", "make room, or use another datastore", "needed: 1 GiB", "free: 2 MiB"),
        }, RametJson.Default.Operation, 202);

        var run = await Cli.RunAsync(server, "clone", "a", "--name", "b");
        Assert.Equal((11, ""), (run.Code, run.Out));
        Assert.Equal("error: no room for 10 clones\n  object: default\n    needed: 1 GiB\n    free: 2 MiB\nremedy: make room, or use another datastore\n", run.Error);

        var json = await Cli.RunAsync(server, "clone", "a", "--name", "b", "--json");
        Assert.Equal(11, json.Code);
        Assert.Equal("failed", JsonSerializer.Deserialize(json.Out, RametJson.Default.Operation)!.State);
        Assert.Equal("noSpace", JsonSerializer.Deserialize(json.Error, RametJson.Default.Problem)!.Kind);
    }

    [Fact]
    public async Task A_refused_delete_lists_dependents_and_the_ways_out()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Refuse("POST", Routes.Delete, Documents.Problem("hasDependents", 409, "debian12 has 2 dependent VMs", "debian12",
            "promote them (--promote-clones), or delete them too (--with-clones)", "seat-01", "seat-02"));
        var run = await Cli.RunAsync(server, "delete", "debian12");
        Assert.Equal(5, run.Code);
        Golden.Check("delete-refused.txt", run.Error);
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("n\n", false)]
    [InlineData("", false)]
    public async Task Delete_asks_on_a_terminal(string typed, bool deletes)
    {
        await using var server = await DeletingAsync();
        using var cli = new Cli(server) { Terminal = true, Typed = typed };
        var run = await cli.RunAsync("delete", "seat-*");
        Assert.Equal(deletes ? 0 : 17, run.Code);
        Assert.Contains("seat-01, seat-02", run.Error);
        Assert.Contains("5 MiB", run.Error);
        Assert.Equal(deletes, server.Requests.Any(r => r.Target == Routes.Delete));
    }

    [Theory]
    [InlineData(true, "--yes")]
    [InlineData(true, "--json")]
    [InlineData(false, "--quiet")]
    public async Task Delete_does_not_ask(bool terminal, string flag)
    {
        await using var server = await DeletingAsync();
        using var cli = new Cli(server) { Terminal = terminal };
        Assert.Equal(0, (await cli.RunAsync("delete", "seat-*", flag)).Code);
        Assert.DoesNotContain(server.Requests, r => r.Target == Routes.DeletePreview);
    }

    [Fact]
    public async Task Ctrl_C_cancels_on_the_server_and_waits_for_the_roll_back()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = Begin(server);
        using var cli = new Cli(server);
        var running = cli.RunAsync("clone", "a", "--name", "b");
        await operation.Listened;

        cli.Interrupts.Raise();
        await operation.CancelAsked;
        Assert.False(running.IsCompleted);
        operation.Change(o => o with { State = "rollingBack" });
        await Seen(cli, "rolling back");
        operation.Finish("cancelled");
        var run = await running;

        Assert.Equal(17, run.Code);
        Assert.Contains("cancelling", run.Error);
        Assert.Contains("rolled back", run.Error);
    }

    [Fact]
    public async Task Ctrl_C_twice_leaves_and_names_the_operation()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = Begin(server);
        using var cli = new Cli(server);
        var running = cli.RunAsync("clone", "a", "--name", "b");
        await operation.Listened;

        cli.Interrupts.Raise();
        await operation.CancelAsked;
        cli.Interrupts.Raise();
        var run = await running;

        Assert.Equal(130, run.Code);
        Assert.Contains($"ramet operation wait {operation.Current.Id}", run.Error);
    }

    [Fact]
    public async Task A_restart_of_the_server_in_the_middle_is_survived()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = Begin(server);
        using var cli = new Cli(server);
        var running = cli.RunAsync("clone", "a", "--name", "b");
        await operation.Listened;

        await server.StopAsync();
        await Seen(cli, "the server went away; still trying");
        await server.StartAgainAsync();
        operation.Finish();

        var run = await running;
        Assert.Equal(0, run.Code);
        Assert.Contains("the server is back", run.Error);
    }

    [Fact]
    public async Task Operation_wait_and_cancel_exit_as_the_operation_ended()
    {
        await using var server = await ScriptedServer.StartAsync();
        var operation = Begin(server);
        var id = operation.Current.Id.ToString();
        using var waiting = new Cli(server);
        using var cancelling = new Cli(server);
        var waits = waiting.RunAsync("operation", "wait", id);
        await operation.Listened;
        var cancels = cancelling.RunAsync("operation", "cancel", id);
        await operation.CancelAsked;
        operation.Finish("cancelled");

        Assert.Equal(17, (await waits).Code);
        Assert.Equal((0, "cancelled: Clone debian12@v1 to seat-01\n"), ((await cancels).Code, (await cancels).Out));
    }

    private static ScriptedOperation Begin(ScriptedServer server, Operation? operation = null)
    {
        var scripted = new ScriptedOperation(server, operation ?? ScriptedOperation.Running());
        foreach (var route in new[] { Routes.Clone, Routes.Start })
            server.Answer("POST", route, scripted.Current, RametJson.Default.Operation, 202);
        return scripted;
    }

    private static async Task<ScriptedServer> DeletingAsync()
    {
        var server = await ScriptedServer.StartAsync();
        server.Answer("POST", Routes.DeletePreview, new DeletePreview(["seat-01", "seat-02"], [], [], 5L << 20, 0), RametJson.Default.DeletePreview);
        server.Answer("POST", Routes.Delete, ScriptedOperation.Ended(ScriptedOperation.Running("Delete 2 VMs", "delete")), RametJson.Default.Operation, 202);
        return server;
    }

    private static async Task Seen(Cli cli, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!cli.Error.ToString().Contains(text, StringComparison.Ordinal))
        {
            Assert.False(patience.IsCancellationRequested, $"\"{text}\" was not said, but:\n{cli.Error}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
