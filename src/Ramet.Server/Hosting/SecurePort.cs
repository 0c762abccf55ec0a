using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Ramet.Core.Errors;
using Ramet.Server.Options;
using Ramet.Server.Security;

namespace Ramet.Server.Hosting;

/// <summary>The HTTPS port; each connection is shown the certificate of that moment.</summary>
internal static class SecurePort
{
    /// <summary>The bound socket, not listening yet.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.Busy"/>, <see cref="ErrorKind.InvalidArgument"/>, <see cref="ErrorKind.PermissionDenied"/>.</exception>
    public static Socket Bind(IPEndPoint endpoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException e)
        {
            var (kind, message) = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => (ErrorKind.Busy, $"the address {endpoint} is taken by another program"),
                SocketError.AddressNotAvailable => (ErrorKind.InvalidArgument, $"this machine does not have the address {endpoint.Address}"),
                SocketError.AccessDenied => (ErrorKind.PermissionDenied, $"the port {endpoint.Port} is root's"),
                _ => (ErrorKind.InputOutput, $"cannot listen on {endpoint}: {e.Message}"),
            };
            throw new RametException(kind, message, "name another address with --listen, or use --no-https", endpoint.ToString(), inner: e);
        }
    }

    public static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        if (options.Listen is not { } endpoint)
            return;

        var certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
        kestrel.Listen(endpoint, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            }),
        }));
    }
}
