using Ramet.Core.Errors;
using Ramet.Core.Hosts;

namespace Ramet.Testing.Hosts;

/// <summary>Drivers by host id; <see cref="Default"/> answers for every id that was not added.</summary>
public sealed class FakeHypervisors : IHypervisors
{
    private readonly Dictionary<Guid, IHypervisor> _byHost = [];

    public FakeHypervisors(IHypervisor? @default = null) => Default = @default;

    public IHypervisor? Default { get; set; }

    public void Add(Guid hostId, IHypervisor hypervisor) => _byHost.Add(hostId, hypervisor);

    public IHypervisor Get(Guid hostId) =>
        _byHost.GetValueOrDefault(hostId) ?? Default
        ?? throw new RametException(ErrorKind.NotFound, $"There is no host {hostId}", @object: hostId.ToString());
}
