using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Server.Security;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly string _folder = TestServer.NewFolder();
    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Https_is_good_for_every_name_that_the_machine_has_on_loopback()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var name in new[] { "localhost", "127.0.0.1" })
        {
            using var client = new HttpClient(server.TlsHandler()) { BaseAddress = new UriBuilder(server.Secure) { Host = name }.Uri };
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
        }

        using var own = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(server.Options.TlsDirectory, "server.crt"));
        Assert.True(own.MatchesHostname(Environment.MachineName));
        Assert.True(own.MatchesHostname("::1"));
        Assert.False(own.MatchesHostname("example.org"));
        Assert.NotNull(own.GetECDsaPublicKey());
    }

    [Fact]
    public async Task Both_versions_of_http_are_spoken()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.OverTls(await server.CreateTokenAsync("ci"));
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Version) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
    }

    [Fact]
    public void It_is_renewed_in_time_with_the_same_key()
    {
        using var certificate = Create();
        certificate.Refresh();
        var first = certificate.Current.TargetCertificate;

        _time.Advance(CertificateMaker.Lifetime - TimeSpan.FromDays(31));
        certificate.Refresh();
        Assert.Equal(first.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);

        _time.Advance(TimeSpan.FromDays(2));
        certificate.Refresh();
        var second = certificate.Current.TargetCertificate;
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.Equal(first.GetPublicKey(), second.GetPublicKey());
        Assert.True(second.NotAfter.ToUniversalTime() > _time.GetUtcNow().AddDays(300).UtcDateTime);
    }

    [Fact]
    public void The_administrators_own_is_taken_up_and_never_replaced()
    {
        using var certificate = Create();
        certificate.Refresh();
        var (pem, key) = Foreign(_time.GetUtcNow().AddDays(5));
        Install(pem, key);
        _time.Advance(TimeSpan.FromHours(1));

        certificate.Refresh();
        certificate.Refresh();

        Assert.Equal("CN=ramet.example", certificate.Current.TargetCertificate.Subject);
        Assert.Equal(pem, File.ReadAllText(PathOf("server.crt")));
    }

    [Fact]
    public void A_key_that_does_not_belong_to_the_certificate_is_refused()
    {
        using var certificate = Create();
        certificate.Refresh();
        var before = certificate.Current;
        Install(Foreign(_time.GetUtcNow().AddDays(99)).Pem, File.ReadAllText(PathOf("server.key")));

        var error = Assert.Throws<RametException>(certificate.Refresh);

        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Same(before, certificate.Current);
    }

    private ServerCertificate Create() => new(TestServer.OptionsIn(_folder), _time, NullLogger<ServerCertificate>.Instance);

    private string PathOf(string name) => Path.Combine(TestServer.OptionsIn(_folder).TlsDirectory, name);

    private void Install(string pem, string key)
    {
        File.WriteAllText(PathOf("server.crt"), pem);
        File.WriteAllText(PathOf("server.key"), key);
        File.SetLastWriteTimeUtc(PathOf("server.crt"), _time.GetUtcNow().UtcDateTime.AddSeconds(1));
    }

    private (string Pem, string Key) Foreign(DateTimeOffset notAfter)
    {
        using var key = CertificateMaker.CreateKey();
        using var made = new CertificateRequest("CN=ramet.example", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(_time.GetUtcNow().AddDays(-1), notAfter);
        return (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
