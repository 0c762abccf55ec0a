using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ramet.Core.Errors;
using Ramet.Server.Hosting;
using Ramet.Server.Logging;
using Ramet.Server.Options;

namespace Ramet.Server.Security;

/// <summary>
/// The certificate that HTTPS shows: <c>tls/server.crt</c> (PEM, the chain after it where there is one) and
/// <c>tls/server.key</c>. What Ramet made it renews, keeping the key, so that clients that pin the key go on; what the
/// administrator put there it only reads, again whenever the files change.
/// </summary>
internal sealed class ServerCertificate(ServerOptions options, TimeProvider time, ILogger<ServerCertificate> log) : BackgroundService
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly string _certificatePath = Path.Combine(options.TlsDirectory, "server.crt");
    private readonly string _keyPath = Path.Combine(options.TlsDirectory, "server.key");
    private volatile SslStreamCertificateContext? _current;
    private (DateTime Certificate, DateTime Key) _loaded;

    /// <summary>What the next connection is shown.</summary>
    public SslStreamCertificateContext Current => _current ?? throw new InvalidOperationException("the certificate is not loaded yet");

    /// <summary>Loads it, makes it where there is none, renews it where it is time.</summary>
    /// <exception cref="RametException">The files cannot be read or do not belong together.</exception>
    public void Refresh()
    {
        StateFolder.CreatePrivate(options.TlsDirectory);
        var haveKey = File.Exists(_keyPath);
        if (!File.Exists(_certificatePath))
        {
            if (haveKey)
                Write(LoadKey());
            else
                Write(CertificateMaker.CreateKey());
        }
        else if (!haveKey)
        {
            throw new RametException(
                ErrorKind.InvalidArgument, $"there is a certificate {_certificatePath}, but not its key {_keyPath}",
                "put the key there, or remove the certificate to have a new one made", _keyPath);
        }

        var stamps = (File.GetLastWriteTimeUtc(_certificatePath), File.GetLastWriteTimeUtc(_keyPath));
        if (_current is null || stamps != _loaded)
        {
            _current = Load();
            _loaded = stamps;
        }

        var certificate = _current.TargetCertificate;
        if (certificate.NotAfter.ToUniversalTime() - RenewBefore > time.GetUtcNow().UtcDateTime)
            return;
        if (!CertificateMaker.IsOurs(certificate))
        {
            log.CertificateExpires(_certificatePath, certificate.NotAfter.ToUniversalTime());
            return;
        }

        Write(LoadKey());
        _current = Load();
        _loaded = (File.GetLastWriteTimeUtc(_certificatePath), File.GetLastWriteTimeUtc(_keyPath));
        log.CertificateRenewed(_current.TargetCertificate.NotAfter.ToUniversalTime());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Refresh();
            }
            catch (Exception e) when (e is RametException or IOException or UnauthorizedAccessException)
            {
                // The one in memory goes on; the administrator may be half-way through replacing the files.
                log.CertificateUnreadable(e.Message);
            }
        }
    }

    private void Write(ECDsa key)
    {
        using (key)
        {
            using var certificate = CertificateMaker.Create(key, Environment.MachineName, options.Listen?.Address, time.GetUtcNow());
            StateFolder.WritePrivate(_keyPath, key.ExportPkcs8PrivateKeyPem() + "\n");
            StateFolder.WritePrivate(_certificatePath, certificate.ExportCertificatePem() + "\n");
        }
    }

    private ECDsa LoadKey()
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(_keyPath));
            return key;
        }
        catch (Exception e) when (e is IOException or CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw Unreadable(e);
        }
    }

    private SslStreamCertificateContext Load()
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificatePath);
            var own = X509Certificate2.CreateFromPemFile(_certificatePath, _keyPath);
            return SslStreamCertificateContext.Create(own, [.. chain.Skip(1)], offline: true);
        }
        catch (Exception e) when (e is IOException or CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    private RametException Unreadable(Exception e) => new(
        ErrorKind.InvalidArgument, $"the TLS certificate {_certificatePath} and its key cannot be used: {e.Message}",
        "put a PEM certificate and its key there, or remove both to have new ones made", _certificatePath, inner: e);
}
