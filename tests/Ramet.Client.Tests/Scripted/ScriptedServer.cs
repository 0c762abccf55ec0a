using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ramet.Contracts;

namespace Ramet.Testing;

/// <summary>A request that a <see cref="ScriptedServer"/> got.</summary>
internal sealed record Received(string Method, string Target, string Body, string? Authorization, string? LastEventId);

/// <summary>A real Kestrel on a unix socket of its own (or loopback TLS) that answers what a test told it to.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new();
    private readonly X509Certificate2? _certificate;
    private WebApplication? _application;

    private ScriptedServer(X509Certificate2? certificate)
    {
        _certificate = certificate;
        Folder = Directory.CreateTempSubdirectory("ramet-test-").FullName;
        Socket = Path.Combine(Folder, "ramet.sock");
    }

    public string Folder { get; }

    public string Socket { get; }

    /// <summary>Of a server with a certificate.</summary>
    public Uri? Address { get; private set; }

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Cancelled when the server is stopped: answers that wait must end then.</summary>
    public CancellationToken Stopping { get; private set; }

    public static async Task<ScriptedServer> StartAsync(X509Certificate2? certificate = null)
    {
        var server = new ScriptedServer(certificate);
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        File.Delete(Socket);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (_certificate is null)
                kestrel.ListenUnixSocket(Socket);
            else
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate));
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
        _application = builder.Build();
        _application.UseWebSockets();
        _application.Run(DispatchAsync);
        Stopping = _application.Lifetime.ApplicationStopping;
        await _application.StartAsync();
        if (_certificate is not null)
        {
            Address = new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        }
    }

    /// <summary>Goes away, with every connection cut; the script stays.</summary>
    public async Task StopAsync()
    {
        await _application!.StopAsync();
        await _application.DisposeAsync();
        _application = null;
        File.Delete(Socket);
    }

    /// <param name="target">Path, or path and query; the exact target is looked for first.</param>
    public void On(string method, string target, Func<HttpContext, Task> answer) => _answers[$"{method} {target}"] = answer;

    public void Answer<T>(string method, string target, T document, JsonTypeInfo<T> type, int status = 200) =>
        On(method, target, context => WriteAsync(context, document, type, status));

    public void Get<T>(string target, T document, JsonTypeInfo<T> type) => Answer("GET", target, document, type);

    public void Refuse(string method, string target, Problem problem) =>
        On(method, target, context => WriteAsync(context, problem, RametJson.Default.Problem, problem.Status, "application/problem+json"));

    public Received Last(string method) => Requests.Last(r => r.Method == method);

    public static async Task WriteAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type, int status = 200, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(document, type));
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task DispatchAsync(HttpContext context)
    {
        var request = context.Request;
        string body;
        using (var reader = new StreamReader(request.Body))
            body = await reader.ReadToEndAsync();
        var path = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var target = path + request.QueryString;
        Requests.Enqueue(new Received(request.Method, target, body, request.Headers.Authorization, request.Headers["Last-Event-ID"]));
        if (_answers.TryGetValue($"{request.Method} {target}", out var answer) || _answers.TryGetValue($"{request.Method} {path}", out answer))
            await answer(context);
        else
            await WriteAsync(context, new Problem("about:blank", $"nothing scripted for {request.Method} {target}", 404, "notFound", target, null, []),
                RametJson.Default.Problem, 404, "application/problem+json");
    }
}
