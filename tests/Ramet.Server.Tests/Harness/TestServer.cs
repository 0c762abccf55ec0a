using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Ramet.Contracts;
using Ramet.Core.Catalog;
using Ramet.Server.Hosting;
using Ramet.Server.Options;
using Ramet.Server.Security;
using Ramet.Testing.Hosts;

namespace Ramet.Server.Tests.Harness;

/// <summary>
/// The server as it is, in this process, on a folder, a unix socket and a port of its own, with a real catalog and real layers. Only
/// libvirt is stood in for.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly RametServer _server;

    private TestServer(string folder, bool ownsFolder, RametServer server, ServerOptions options, FakeHypervisor hypervisor)
    {
        (_folder, _ownsFolder, _server, Options, Hypervisor) = (folder, ownsFolder, server, options, hypervisor);
        Local = OverSocket(options.Socket);
    }

    public ServerOptions Options { get; }

    public FakeHypervisor Hypervisor { get; }

    public IServiceProvider Services => _server.Services;

    /// <summary>Root, on the unix socket.</summary>
    public HttpClient Local { get; }

    public Uri Secure => new(_server.Addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal)));

    public static string NewFolder() => Directory.CreateTempSubdirectory("ramet-").FullName;

    public static ServerOptions OptionsIn(string folder) => new()
    {
        State = Path.Combine(folder, "state"),
        Socket = Path.Combine(folder, "ramet.sock"),
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Libvirt = "fake:///system",
        LogLevel = Microsoft.Extensions.Logging.LogLevel.Warning,
    };

    /// <param name="folder">Null for a new one, which goes with the server.</param>
    public static async Task<TestServer> StartAsync(
        string? folder = null, FakeHypervisor? hypervisor = null, TimeProvider? time = null, Func<ServerOptions, ServerOptions>? change = null)
    {
        var own = folder is null;
        folder ??= NewFolder();
        hypervisor ??= new FakeHypervisor();
        var options = OptionsIn(folder);
        options = change?.Invoke(options) ?? options;
        RametServer? server = null;
        try
        {
            server = RametServer.Create(options, services =>
            {
                services.AddSingleton<HypervisorFactory>(_ => hypervisor);
                if (time is not null)
                    services.AddSingleton(time);
            });
            await server.StartAsync(CancellationToken.None);
        }
        catch
        {
            if (server is not null)
                await server.DisposeAsync();
            if (own)
                Directory.Delete(folder, recursive: true);
            throw;
        }

        return new TestServer(folder, own, server, options, hypervisor);
    }

    public static HttpClient OverSocket(string path) => new(SocketHandler(path)) { BaseAddress = new Uri("http://ramet") };

    public static SocketsHttpHandler SocketHandler(string path) => new()
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>A client of the HTTPS port that trusts exactly the certificate in the state folder.</summary>
    public HttpClient OverTls(string? token = null)
    {
        var client = new HttpClient(TlsHandler()) { BaseAddress = Secure };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public SocketsHttpHandler TlsHandler()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Path.Combine(Options.TlsDirectory, "server.crt"));
        return handler;
    }

    public async Task<string> CreateTokenAsync(string name, int? expiresInDays = null) =>
        (await Services.GetRequiredService<ApiTokens>().CreateAsync(name, expiresInDays, CancellationToken.None)).Secret;

    public ICatalogSession OpenCatalog() => Services.GetRequiredService<ICatalog>().OpenReadOnly();

    public Task<T> GetAsync<T>(string address) => Local.GetAsync(address).ContinueWithJson<T>();

    /// <summary>Posts, requires 202 and waits until the operation has ended, well or not.</summary>
    public async Task<Operation> EndAsync<T>(string address, T request)
    {
        using var answer = await Local.PostAsJsonAsync(address, request, RametJson.Default.Options);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var begun = await answer.ReadAsync<Operation>();
        Assert.Equal($"/api/v1/operations/{begun.Id}", answer.Headers.Location!.ToString());
        return await GetAsync<Operation>($"/api/v1/operations/{begun.Id}?wait=60");
    }

    public async Task<Operation> SucceedAsync<T>(string address, T request)
    {
        var operation = await EndAsync(address, request);
        Assert.True(operation.State == "succeeded", $"{operation.Title}: {operation.State}: {operation.Error?.Title}");
        return operation;
    }

    /// <summary>A VM made of a small image.</summary>
    public Task<Operation> ImportAsync(string name)
    {
        var image = Path.Combine(_folder, name + ".raw");
        WriteImage(image);
        return SucceedAsync(Routes.Import, new ImportRequest(image, name, CloudInit: "yes"));
    }

    /// <summary>A raw image of 1 MiB with something in it.</summary>
    public static void WriteImage(string path)
    {
        using var file = File.Create(path);
        file.Write("an image"u8);
        file.SetLength(1 << 20);
    }

    public Task StopAsync() => _server.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Local.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(_folder, recursive: true);
    }
}
