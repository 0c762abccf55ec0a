using Ramet.Catalog;
using Ramet.Core;
using Ramet.Core.Catalog;
using Ramet.Core.Hosts;
using Ramet.Core.Import;
using Ramet.Core.Layers;
using Ramet.Hypervisor;
using Ramet.Server.Apis;
using Ramet.Server.OpenApi;
using Ramet.Server.Options;
using Ramet.Server.Security;
using Ramet.Storage;

namespace Ramet.Server.Hosting;

/// <summary>The composition root: which part stands behind which interface.</summary>
internal static class Composition
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddRamet(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddRametCore();
        services.AddSingleton(new DownloadFolder(options.DownloadDirectory));
        services.AddSingleton(new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout }));
        services.AddSingleton<ICatalog>(provider => new EfCatalog(new CatalogOptions { Path = options.CatalogPath }, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILayerStore, DirectoryLayerStore>();
        services.AddSingleton<HypervisorFactory>(provider => host => new LibvirtHypervisor(
            new LibvirtHypervisorOptions(host.Uri, options.HostDirectory, options.ConsoleDirectory), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HypervisorRegistry>();
        services.AddSingleton<IHypervisors>(provider => provider.GetRequiredService<HypervisorRegistry>());
        services.AddSingleton<FirstStart>();
        services.AddSingleton<ListenSockets>();
        services.AddSingleton<InventoryReader>();
        services.AddHostedService<HostService>();

        services.AddRouting();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddAccess(options.Group);
        services.AddSingleton<ServerCertificate>();
        if (options.Listen is not null)
            services.AddHostedService(provider => provider.GetRequiredService<ServerCertificate>());
        services.AddApiDocument();
        return services;
    }
}
