using System.Net;
using System.Net.WebSockets;
using System.Text;
using Ramet.Contracts;
using Ramet.Core.Hosts;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class ConsoleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Address = Routes.Console.Replace("{vm}", "debian12", StringComparison.Ordinal);
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.ImportAsync("debian12");
        await _server.SucceedAsync(Routes.Start, new VmSelection(["debian12"]));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Bytes_go_both_ways()
    {
        using var console = await OpenAsync();

        await WriteToHostAsync("debian login: ");
        Assert.Equal("debian login: ", await ReadAsync(console));
        await console.SendAsync(Encoding.UTF8.GetBytes("root\r"), WebSocketMessageType.Binary, true, default);
        Assert.Equal("root\r", await ReadFromHostAsync("root\r".Length));

        await console.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(Patience);
        Assert.Equal(WebSocketState.Closed, console.State);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task It_works_over_https_with_either_version_of_http(int major, int minor)
    {
        var token = await _server.CreateTokenAsync("ci");
        using var handler = _server.TlsHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var console = new ClientWebSocket();
        console.Options.SetRequestHeader("Authorization", "Bearer " + token);
        console.Options.HttpVersion = new Version(major, minor);
        console.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await console.ConnectAsync(new UriBuilder(_server.Secure) { Scheme = "wss", Path = Address }.Uri, invoker, default);

        await WriteToHostAsync("hello");

        Assert.Equal("hello", await ReadAsync(console));
    }

    [Fact]
    public async Task A_second_one_is_refused_unless_it_takes_the_console()
    {
        using var first = await OpenAsync();

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync());
        Assert.Contains("502", refused.Message, StringComparison.Ordinal);
        using var second = await OpenAsync("?force=true");

        Assert.Contains("took the console", await ReadCloseAsync(first), StringComparison.Ordinal);
        await WriteToHostAsync("yours");
        Assert.Equal("yours", await ReadAsync(second));
    }

    [Fact]
    public async Task The_end_of_the_server_is_said_in_the_close_frame()
    {
        using var console = await OpenAsync();

        var stopping = _server.StopAsync();

        Assert.Equal("the server stops", await ReadCloseAsync(console));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, console.CloseStatus);
        await console.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_vm_that_is_off_has_no_console()
    {
        _server.Hypervisor.SetState("debian12", PowerState.Stopped);

        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync());
    }

    [Fact]
    public async Task A_plain_request_is_told_what_to_use()
    {
        var problem = await _server.Local.GetAsync(Address).MustRefuseAsync(HttpStatusCode.BadRequest, "invalidArgument");

        Assert.Contains("ramet console debian12", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_one_is_audited()
    {
        using var console = await OpenAsync();

        await using var session = _server.OpenCatalog();
        var line = await session.FirstOrDefaultAsync(session.Audit.Where(a => a.Action == "GET " + Address), default);
        Assert.Equal(101, line?.Outcome);
    }

    private async Task<ClientWebSocket> OpenAsync(string query = "")
    {
        using var invoker = new HttpMessageInvoker(TestServer.SocketHandler(_server.Options.Socket));
        var console = new ClientWebSocket();
        try
        {
            await console.ConnectAsync(new Uri("ws://ramet" + Address + query), invoker, default).WaitAsync(Patience);
            return console;
        }
        catch
        {
            console.Dispose();
            throw;
        }
    }

    private async Task WriteToHostAsync(string text) =>
        await _server.Hypervisor["debian12"].Console.Guest!.Output.WriteAsync(Encoding.UTF8.GetBytes(text));

    private async Task<string> ReadFromHostAsync(int length)
    {
        var input = _server.Hypervisor["debian12"].Console.Guest!.Input;
        var read = await input.ReadAtLeastAsync(length).AsTask().WaitAsync(Patience);
        var text = Encoding.UTF8.GetString(read.Buffer);
        input.AdvanceTo(read.Buffer.End);
        return text;
    }

    private static async Task<string> ReadAsync(ClientWebSocket console)
    {
        var buffer = new byte[1000];
        var frame = await console.ReceiveAsync(buffer, default).WaitAsync(Patience);
        Assert.Equal(WebSocketMessageType.Binary, frame.MessageType);
        return Encoding.UTF8.GetString(buffer, 0, frame.Count);
    }

    private static async Task<string> ReadCloseAsync(ClientWebSocket console)
    {
        var frame = await console.ReceiveAsync(new byte[100], default).WaitAsync(Patience);
        Assert.Equal(WebSocketMessageType.Close, frame.MessageType);
        return console.CloseStatusDescription!;
    }
}
