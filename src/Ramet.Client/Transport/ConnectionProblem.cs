using System.Net.Sockets;
using System.Security.Authentication;

namespace Ramet.Client.Transport;

/// <summary>Says in the user's words why no answer came.</summary>
internal static class ConnectionProblem
{
    public static RametApiException From(HttpRequestException error, RametEndpoint endpoint, ServerTrust trust)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case RametApiException known:
                    return known;
                case AuthenticationException tls:
                    return trust.Refusal(tls);
                case SocketException socket:
                    return endpoint.Server is null ? OfSocket(socket, endpoint.Socket) : OfServer(socket, endpoint);
            }
        }

        return Broken(error, endpoint);
    }

    /// <summary>The connection was there and went away, or what came over it was no HTTP.</summary>
    public static RametApiException Broken(Exception error, RametEndpoint endpoint) => RametApiException.Local(
        RametApiException.ServerUnreachable, $"{endpoint.Address} broke the connection off: {error.Message}", endpoint.Address,
        "was the server stopped or restarted? see: journalctl -u ramet-server", error);

    // connect(2) on a unix socket: ENOENT has no SocketError of its own and comes as AddressNotAvailable.
    private static RametApiException OfSocket(SocketException error, string path) => error.SocketErrorCode switch
    {
        SocketError.AccessDenied => RametApiException.Local("permissionDenied", $"{path}: permission denied", path,
            "run it as root or as a member of the group ramet: usermod -aG ramet $USER, then log in again", error),
        SocketError.AddressNotAvailable => RametApiException.Local(RametApiException.ServerUnreachable,
            $"no server at {path}: there is no such socket", path,
            "is ramet-server running? start it with: systemctl start ramet-server; or name another with --socket or --server", error),
        SocketError.ConnectionRefused => RametApiException.Local(RametApiException.ServerUnreachable,
            $"no server at {path}: the socket is there, but nobody listens", path,
            "is ramet-server running? start it with: systemctl start ramet-server", error),
        _ => RametApiException.Local(RametApiException.ServerUnreachable, $"no server at {path}: {error.Message}", path,
            "is ramet-server running? see: systemctl status ramet-server", error),
    };

    private static RametApiException OfServer(SocketException error, RametEndpoint endpoint) => RametApiException.Local(
        RametApiException.ServerUnreachable, $"cannot reach {endpoint.Address}: {error.Message}", endpoint.Address,
        "is the address right, and does ramet-server listen there? on its own machine: ramet doctor", error);
}
