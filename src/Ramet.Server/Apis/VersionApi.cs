using System.Reflection;
using System.Runtime.InteropServices;
using Ramet.Contracts;
using Ramet.Core.Catalog;
using Ramet.Core.Hosts;

namespace Ramet.Server.Apis;

internal static class VersionApi
{
    private const string ApiVersion = "v1";

    /// <summary>Such as "0.1.0".</summary>
    public static string ServerVersion { get; } =
        typeof(VersionApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapVersionApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Version, GetAsync)
            .WithName("GetVersion").WithTags("Server").WithSummary("The versions of the server and of what it stands on");

    private static async Task<VersionInfo> GetAsync(ICatalog catalog, IHypervisors hypervisors, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var host = await session.FirstOrDefaultAsync(session.Hosts.OrderBy(h => h.Name), cancellationToken);
        var status = host is null ? null : hypervisors.Get(host.Id).Status;
        return new(ServerVersion, RuntimeInformation.FrameworkDescription, status?.LibvirtVersion, status?.QemuVersion, ApiVersion);
    }
}
