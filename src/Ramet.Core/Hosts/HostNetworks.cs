using Ramet.Core.Errors;

namespace Ramet.Core.Hosts;

/// <summary>Checks of a host before work is planned on it.</summary>
internal static class HostNetworks
{
    /// <summary>The host is connected and has the network (null: only the first).</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.HostUnavailable"/>, <see cref="ErrorKind.NotFound"/>.</exception>
    public static async Task MustExistAsync(IHypervisor hypervisor, string? network, CancellationToken cancellationToken)
    {
        await MustBeConnectedAsync(hypervisor, cancellationToken);
        if (network is null)
            return;
        var networks = await hypervisor.ListNetworksAsync(cancellationToken);
        if (networks.All(n => n.Name != network))
        {
            throw new RametException(ErrorKind.NotFound, $"the host has no network '{network}'",
                networks.Count == 0 ? "define one with virsh net-define" : $"it has: {string.Join(", ", networks.Select(n => n.Name))}", network);
        }
    }

    /// <summary>A server that has just been started may not have reached its hosts yet: the first attempt is waited for, a later one is not.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.HostUnavailable"/>.</exception>
    public static async Task MustBeConnectedAsync(IHypervisor hypervisor, CancellationToken cancellationToken)
    {
        if (!hypervisor.Status.Connected)
            await hypervisor.StartAsync(cancellationToken);
        if (!hypervisor.Status.Connected)
        {
            throw new RametException(ErrorKind.HostUnavailable, $"libvirt cannot be reached: {hypervisor.Status.Error}",
                "start libvirtd; the server connects again by itself");
        }
    }
}
