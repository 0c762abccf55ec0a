using System.Text.Json;
using System.Text.Json.Serialization;
using Ramet.Contracts;
using Ramet.Core.Events;
using Ramet.Core.Operations;
using Ramet.Server.OpenApi;
using Ramet.Server.Options;
using Ramet.Server.Security;

namespace Ramet.Server.Hosting;

/// <summary>The composition root: which part stands behind which interface.</summary>
internal static class Composition
{
    public static IServiceCollection AddRamet(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<EventBus>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<FirstStart>();

        services.AddRouting();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
        services.AddAccess(options.Group);
        services.AddSingleton<ServerCertificate>();
        if (options.Listen is not null)
            services.AddHostedService(provider => provider.GetRequiredService<ServerCertificate>());
        services.AddApiDocument();
        return services;
    }

    /// <summary>As the contracts are written; and a request that says something else than its document knows is refused, not half obeyed.</summary>
    private static void Configure(JsonSerializerOptions json)
    {
        json.TypeInfoResolverChain.Insert(0, RametJson.Default);
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
    }
}
