using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Lineage;
using Ramet.Core.VirtualMachines;
using Ramet.Server.Mapping;

namespace Ramet.Server.Apis;

/// <summary>Reads the catalog once for an answer.</summary>
internal sealed class InventoryReader(ICatalog catalog, IHypervisors hypervisors)
{
    /// <summary>One VM alone, for what is not about its relations.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>.</exception>
    public async Task<VirtualMachine> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        return await session.FirstOrDefaultAsync(session.VirtualMachines.Where(v => v.Name == name), cancellationToken)
            ?? throw new RametException(ErrorKind.NotFound, $"there is no VM '{name}'", "'ramet list' shows them", name);
    }

    /// <summary>Everything, for what is about many or about who descends from whom.</summary>
    public async Task<(LineageGraph Graph, VmMapper Mapper)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var graph = await LineageGraph.LoadAsync(session, cancellationToken);
        var hosts = await session.ListAsync(session.Hosts, cancellationToken);
        var datastores = await session.ListAsync(session.Datastores, cancellationToken);
        return (graph, new VmMapper(graph, hosts.ToDictionary(h => h.Id, h => h.Name), datastores.ToDictionary(d => d.Id, d => d.Name), hypervisors));
    }
}
