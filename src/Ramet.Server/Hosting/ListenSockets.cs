using System.Net;
using System.Net.Sockets;
using Ramet.Server.Options;

namespace Ramet.Server.Hosting;

/// <summary>
/// The server's sockets, bound before anything else is touched: an address that is taken is found out at once and said
/// plainly. They do not listen before the web server takes them.
/// </summary>
internal sealed class ListenSockets(ServerOptions options, ILogger<ListenSockets> log) : IDisposable
{
    private readonly Dictionary<EndPoint, Socket> _bound = [];

    public void Bind()
    {
        _bound.Add(new UnixDomainSocketEndPoint(options.Socket), LocalSocket.Bind(options, log));
        if (options.Listen is { } endpoint)
            _bound.Add(endpoint, SecurePort.Bind(endpoint));
    }

    /// <summary>Hands a bound socket over.</summary>
    public Socket Take(EndPoint endpoint) => _bound.Remove(endpoint, out var socket)
        ? socket
        : throw new InvalidOperationException($"nothing is bound to {endpoint}");

    public void Dispose()
    {
        foreach (var socket in _bound.Values)
            socket.Dispose();
        _bound.Clear();
    }
}
