using System.Net.WebSockets;
using System.Text;
using Ramet.Testing;

namespace Ramet.Cli.Tests;

public sealed class ConsoleTests
{
    [Fact]
    public async Task Pipes_are_passed_through_and_the_answer_is_waited_for()
    {
        await using var server = await ScriptedServer.StartAsync();
        Echo(server);
        using var cli = new Cli(server);
        var running = cli.RunAsync("console", "seat-01", "--linger", "1");
        await cli.Input.Writer.WriteAsync("root\n\u001d"u8.ToArray());
        await cli.Input.Writer.CompleteAsync();
        Assert.Equal(0, (await running).Code);
        Assert.Equal("root\n\u001d", await ReadAsync(cli));
    }

    [Fact]
    public async Task Ctrl_bracket_leaves_a_terminal_and_what_was_typed_before_arrives()
    {
        await using var server = await ScriptedServer.StartAsync();
        Echo(server);
        using var cli = new Cli(server) { Terminal = true };
        var running = cli.RunAsync("console", "seat-01");
        await cli.Input.Writer.WriteAsync("ls\u001drm"u8.ToArray());
        var run = await running;
        Assert.Equal(0, run.Code);
        Assert.Contains("Ctrl-]", run.Error);
        Assert.Contains("Left seat-01", run.Error);
        Assert.Equal("ls", await ReadAsync(cli));
    }

    [Fact]
    public async Task It_ends_when_the_guest_does()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET", "/api/v1/vms/seat-01/console", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("bye"u8.ToArray(), WebSocketMessageType.Binary, true, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        using var cli = new Cli(server);
        Assert.Equal(0, (await cli.RunAsync("console", "seat-01")).Code);
        Assert.Equal("bye", await ReadAsync(cli));
    }

    [Fact]
    public async Task A_console_in_use_is_an_error_with_its_kind()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Refuse("GET", "/api/v1/vms/seat-01/console", Documents.Problem("busy", 409, "somebody has the console", "seat-01", "use --force"));
        Assert.Equal(6, (await Cli.RunAsync(server, "console", "seat-01")).Code);
    }

    private static void Echo(ScriptedServer server) => server.On("GET", "/api/v1/vms/seat-01/console", async context =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Binary } got)
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Binary, true, CancellationToken.None);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    });

    private static async Task<string> ReadAsync(Cli cli)
    {
        await cli.Output.Writer.CompleteAsync();
        using var reader = new StreamReader(cli.Output.Reader.AsStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
