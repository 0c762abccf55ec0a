using Ramet.Contracts;
using Ramet.Core.Hosts;
using Ramet.Core.Operations;
using Host = Ramet.Core.Hosts.Host;

namespace Ramet.Server.Mapping;

internal static class HostMapper
{
    public static Contracts.Host Map(Host host, HostStatus status, IReadOnlyList<HostNetwork> networks, int vms) => new(
        host.Id, host.Name, host.Uri, status.Connected, status.Error, OperationCopy.Word(status.Virtualization), status.VirtualizationReason,
        status.LibvirtVersion, status.QemuVersion, status.Cpus, status.MemoryBytes,
        [.. networks.Select(n => new Network(n.Name, n.Active, n.Autostart, n.Bridge))], vms);
}
