using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Ramet.Server.Options;
using Ramet.Server.Security;

namespace Ramet.Server.Hosting;

/// <summary>The HTTPS port; each connection is shown the certificate of that moment.</summary>
internal static class SecurePort
{
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
