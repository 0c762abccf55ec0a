using Ramet.Core.Catalog;
using Ramet.Core.Hosts;
using Ramet.Core.Lineage;
using Ramet.Server.Mapping;

namespace Ramet.Server.Apis;

/// <summary>Reads the catalog once for an answer that is about many objects.</summary>
internal sealed class InventoryReader(ICatalog catalog, IHypervisors hypervisors)
{
    public async Task<(LineageGraph Graph, VmMapper Mapper)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var graph = await LineageGraph.LoadAsync(session, cancellationToken);
        var hosts = await session.ListAsync(session.Hosts, cancellationToken);
        var datastores = await session.ListAsync(session.Datastores, cancellationToken);
        return (graph, new VmMapper(graph, hosts.ToDictionary(h => h.Id, h => h.Name), datastores.ToDictionary(d => d.Id, d => d.Name), hypervisors));
    }
}
