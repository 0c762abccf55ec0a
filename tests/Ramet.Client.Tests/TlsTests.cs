using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Client.Tests;

public sealed class TlsTests
{
    private static readonly VersionInfo Version = new("0.1.0", "net", null, null, "v1");

    [Fact]
    public async Task A_pinned_certificate_is_trusted_and_the_token_sent()
    {
        using var certificate = SelfSigned("other.example");
        await using var server = await StartAsync(certificate);
        var pin = certificate.GetCertHashString(HashAlgorithmName.SHA256);

        var key = Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

        foreach (var written in new[] { pin, key, "sha256:" + pin.ToLowerInvariant(), string.Join(':', pin.Chunk(2).Select(c => new string(c))) })
        {
            using var client = new RametClient(new RametEndpoint { Server = server.Address, Token = "secret", Fingerprint = written });
            Assert.Equal("0.1.0", (await client.GetVersionAsync()).Version);
        }

        Assert.Equal("Bearer secret", server.Last("GET").Authorization);
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_refused()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await StartAsync(certificate);
        using var client = new RametClient(new RametEndpoint { Server = server.Address, Token = "secret", Fingerprint = new string('0', 64) });

        var refused = await Assert.ThrowsAsync<RametApiException>(() => client.GetVersionAsync());

        Assert.Equal(RametApiException.TlsFailure, refused.Kind);
        Assert.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256), refused.Problem.Remedy);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_certificate_of_the_file_is_trusted_for_its_own_names_only()
    {
        using var right = SelfSigned("localhost");
        using var wrong = SelfSigned("other.example");
        foreach (var certificate in new[] { right, wrong })
        {
            await using var server = await StartAsync(certificate);
            var file = Path.Combine(server.Folder, "ca.pem");
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
            using var client = new RametClient(new RametEndpoint { Server = server.Address, CaFile = file });

            if (certificate == right)
                Assert.Equal("0.1.0", (await client.GetVersionAsync()).Version);
            else
                Assert.Contains("not for 127.0.0.1", (await Assert.ThrowsAsync<RametApiException>(() => client.GetVersionAsync())).Message);
        }
    }

    [Fact]
    public async Task An_unknown_certificate_is_refused_with_the_ways_to_trust_it()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await StartAsync(certificate);
        using var client = new RametClient(new RametEndpoint { Server = server.Address });

        var refused = await Assert.ThrowsAsync<RametApiException>(() => client.GetVersionAsync());

        Assert.Equal(RametApiException.TlsFailure, refused.Kind);
        Assert.Contains("--ca-file", refused.Problem.Remedy);
    }

    [Fact]
    public async Task No_tls_at_the_address_is_a_tls_failure()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var peer = await listener.AcceptTcpClientAsync();
            await peer.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });
        using var client = new RametClient(new RametEndpoint { Server = new Uri($"https://{listener.LocalEndpoint}") });

        var refused = await Assert.ThrowsAsync<RametApiException>(() => client.GetVersionAsync());

        Assert.Equal(RametApiException.TlsFailure, refused.Kind);
        await answering;
    }

    private static async Task<ScriptedServer> StartAsync(X509Certificate2 certificate)
    {
        var server = await ScriptedServer.StartAsync(certificate);
        server.Get(Routes.Version, Version, RametJson.Default.VersionInfo);
        return server;
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
