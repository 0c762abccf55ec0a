using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Server.Mapping;
using Routes = Ramet.Contracts.Routes;

namespace Ramet.Server.Apis;

internal static class HostApi
{
    public static void MapHostApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Hosts, ListAsync)
            .WithName("ListHosts").WithTags("Hosts").WithSummary("Hosts, how they are, and their networks")
            .WithDescription("A host that cannot be reached is listed all the same, with the reason in `error`.");

    private static async Task<IReadOnlyList<Contracts.Host>> ListAsync(
        ICatalog catalog, IHypervisors hypervisors, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var hosts = await session.ListAsync(session.Hosts.OrderBy(h => h.Name), cancellationToken);
        List<Contracts.Host> result = [];
        foreach (var host in hosts)
        {
            var hypervisor = hypervisors.Get(host.Id);
            var vms = await session.CountAsync(session.VirtualMachines.Where(v => v.HostId == host.Id), cancellationToken);
            result.Add(HostMapper.Map(host, hypervisor.Status, await NetworksAsync(hypervisor, cancellationToken), vms));
        }

        return result;
    }

    private static async Task<IReadOnlyList<HostNetwork>> NetworksAsync(IHypervisor hypervisor, CancellationToken cancellationToken)
    {
        if (!hypervisor.Status.Connected)
            return [];
        try
        {
            return await hypervisor.ListNetworksAsync(cancellationToken);
        }
        catch (RametException e) when (e.Kind == ErrorKind.HostUnavailable)
        {
            // It went away just now; the next answer's status says so.
            return [];
        }
    }
}
