using System.Collections.Concurrent;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Host = Ramet.Core.Hosts.Host;

namespace Ramet.Server.Hosting;

/// <summary>Makes the driver of a host.</summary>
internal delegate IHypervisor HypervisorFactory(Host host);

/// <summary>The drivers of the catalog's hosts; it owns them.</summary>
internal sealed class HypervisorRegistry(HypervisorFactory factory) : IHypervisors, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, IHypervisor> _drivers = new();

    public void Add(Host host) => _drivers.GetOrAdd(host.Id, _ => factory(host));

    public IHypervisor Get(Guid hostId) => _drivers.TryGetValue(hostId, out var driver)
        ? driver
        : throw new RametException(ErrorKind.NotFound, $"there is no host {hostId}", "'ramet host list' shows them", hostId.ToString());

    public async ValueTask DisposeAsync()
    {
        foreach (var driver in _drivers.Values)
            await driver.DisposeAsync();
    }
}
