using System.Net.WebSockets;
using Ramet.Testing;

namespace Ramet.Client.Tests;

public sealed class ConsoleTests
{
    [Fact]
    public async Task Bytes_go_both_ways_over_the_unix_socket()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET", "/api/v1/vms/seat-01/console", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[100];
            var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Binary, true, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        using var console = await client.OpenConsoleAsync("seat-01", force: true);
        await console.SendAsync(new byte[] { 1, 2, 255 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        var answer = new byte[100];
        var received = await console.ReceiveAsync(answer, CancellationToken.None);

        Assert.Equal([1, 2, 255], answer[..received.Count]);
        Assert.EndsWith("?force=true", server.Last("GET").Target);
    }

    [Fact]
    public async Task A_refusal_comes_with_its_problem()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Refuse("GET", "/api/v1/vms/seat-01/console", Documents.Problem("busy", 409, "somebody has the console", "seat-01", "use --force"));
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        var refused = await Assert.ThrowsAsync<RametApiException>(() => client.OpenConsoleAsync("seat-01"));

        Assert.Equal("busy", refused.Kind);
        Assert.Equal("use --force", refused.Problem.Remedy);
    }
}
