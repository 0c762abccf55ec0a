using System.Net.WebSockets;
using Ramet.Contracts;

namespace Ramet.Client;

/// <content>A VM's serial console.</content>
public sealed partial class RametClient
{
    /// <summary>Connects to the console: binary messages both ways, closed by the server when the VM stops.</summary>
    /// <param name="force">Take it from whoever has it.</param>
    public async Task<WebSocket> OpenConsoleAsync(string vm, bool force = false, CancellationToken cancellationToken = default)
    {
        var path = Query(Fill(Routes.Console, "{vm}", vm), ("force", force ? "true" : null));
        var address = new UriBuilder(new Uri(_http.BaseAddress!, path));
        address.Scheme = address.Scheme == "https" ? "wss" : "ws";

        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
        try
        {
            // The same handler as every other call's, so that a refusal comes with its problem document.
            using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
            await socket.ConnectAsync(address.Uri, invoker, cancellationToken);
            return socket;
        }
        catch (WebSocketException e)
        {
            socket.Dispose();
            throw e.InnerException as RametApiException ?? RametApiException.Local(
                RametApiException.UnexpectedAnswer, $"{_endpoint.Address} did not open the console of {vm}: {e.Message}", vm, null, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
