using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Ramet.Contracts;
using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Operations;
using Ramet.Server.Apis;
using Ramet.Server.Auditing;
using Ramet.Server.Errors;
using Ramet.Server.Logging;
using Ramet.Server.Options;
using Ramet.Server.Security;

namespace Ramet.Server.Hosting;

/// <summary>
/// One server: takes the state folder, brings the catalog up to date, takes up what an earlier run left unfinished, and only
/// then lets anybody in.
/// </summary>
internal sealed class RametServer : IAsyncDisposable
{
    private const int MaxRequestBytes = 1 << 20;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private readonly StateFolder _state;
    private readonly WebApplication _app;
    private readonly ServerOptions _options;
    private readonly ILogger _log;

    private RametServer(StateFolder state, WebApplication app, ServerOptions options)
    {
        (_state, _app, _options) = (state, app, options);
        _log = app.Services.GetRequiredService<ILogger<RametServer>>();
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens, ports as they were given out.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _app.Urls];

    /// <param name="configure">Replaces adapters, in tests.</param>
    /// <exception cref="RametException">The state folder is taken.</exception>
    public static RametServer Create(ServerOptions options, Action<IServiceCollection>? configure = null)
    {
        var state = StateFolder.Take(options);
        try
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "ramet-server", ContentRootPath = options.State });
            builder.Logging.AddRametConsole(options.LogLevel);
            builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
                LocalSocket.Configure(kestrel, options);
                SecurePort.Configure(kestrel, options);
            });
            builder.Services.AddOptions<SocketTransportOptions>().Configure<ListenSockets>(
                (transport, sockets) => transport.CreateBoundListenSocket = sockets.Take);
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
            builder.Services.AddRamet(options);
            configure?.Invoke(builder.Services);

            var app = builder.Build();
            app.UseMiddleware<AuditMiddleware>();
            app.UseMiddleware<ErrorMiddleware>();
            app.UseRouting();
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(45) });
            app.MapApi();
            return new RametServer(state, app, options);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Prepares everything and begins to listen.</summary>
    /// <exception cref="RametException">The catalog cannot be opened, or an address is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        _log.Starting(VersionApi.ServerVersion, _options.State);
        Services.GetRequiredService<ListenSockets>().Bind();
        await Services.GetRequiredService<ICatalog>().MigrateAsync(cancellationToken);
        await Services.GetRequiredService<FirstStart>().RunAsync(cancellationToken);
        if (_options.Listen is not null)
            Services.GetRequiredService<ServerCertificate>().Refresh();
        await AddHostsAsync(cancellationToken);
        // Before anybody is served: a call must find the VMs of unfinished operations taken.
        await Services.GetRequiredService<OperationRunner>().TakeUpAsync(cancellationToken);

        await _app.StartAsync(cancellationToken);
        _log.Ready((long)Stopwatch.GetElapsedTime(began).TotalMilliseconds, string.Join(", ", Addresses));
        SystemdNotifier.Notify(SystemdNotifier.SocketPath, "READY=1", _log);
        _app.Lifetime.ApplicationStopping.Register(() =>
        {
            _log.Stopping();
            SystemdNotifier.Notify(SystemdNotifier.SocketPath, "STOPPING=1", _log);
        });
    }

    /// <summary>Their drivers are there from the first call on; they are connected in the background.</summary>
    private async Task AddHostsAsync(CancellationToken cancellationToken)
    {
        await using var session = Services.GetRequiredService<ICatalog>().OpenReadOnly();
        foreach (var host in await session.ListAsync(session.Hosts, cancellationToken))
            Services.GetRequiredService<HypervisorRegistry>().Add(host);
    }

    /// <summary>Returns when it was told to stop (SIGTERM, SIGINT) and has stopped.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <summary>Lets running steps come to their safe points; then the state folder is free.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _state.Dispose();
    }
}
