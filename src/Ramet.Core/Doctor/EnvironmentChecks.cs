using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Import;
using Ramet.Core.Layers;

namespace Ramet.Core.Doctor;

/// <summary>What Ramet stands on: libvirt, KVM, networks, space.</summary>
internal static class EnvironmentChecks
{
    private const double LowSpace = 0.05;

    public static async Task HostAsync(Diagnosis diagnosis, Host host, IHypervisor hypervisor, CancellationToken cancellationToken)
    {
        var status = hypervisor.Status;
        if (!status.Connected)
        {
            diagnosis.Find(Severity.Error, "host-down", host.Name, $"libvirt at {host.Uri} cannot be reached: {status.Error}", "start libvirtd (systemctl start libvirtd); the server connects again by itself");
            diagnosis.Checked($"host {host.Name}", host.Uri);
            return;
        }

        if (status.Virtualization == VirtualizationType.Qemu)
            diagnosis.Find(Severity.Info, "software-emulation", host.Name, $"guests run by software emulation, several times slower: {status.VirtualizationReason}", "use a machine with KVM, or allow nested virtualization");
        diagnosis.Checked($"host {host.Name}", $"libvirt {status.LibvirtVersion}, QEMU {status.QemuVersion}, {status.Virtualization.ToString().ToLowerInvariant()}");

        var networks = await hypervisor.ListNetworksAsync(cancellationToken);
        var network = networks.FirstOrDefault(n => n.Name == ImportService.DefaultNetwork);
        if (network is null)
            diagnosis.Find(Severity.Warning, "no-default-network", host.Name, "libvirt has no network 'default', which new VMs use unless told otherwise", "define it: virsh net-define /usr/share/libvirt/networks/default.xml");
        else if (!network.Active)
            diagnosis.Find(Severity.Warning, "network-inactive", network.Name, $"the network '{network.Name}' is not started: VMs on it do not start", $"virsh net-start {network.Name}; virsh net-autostart {network.Name}");
        diagnosis.Checked($"networks of {host.Name}", string.Join(", ", networks.Select(n => n.Active ? n.Name : n.Name + " (inactive)")));
    }

    public static async Task DatastoreAsync(Diagnosis diagnosis, Datastore datastore, ILayerStore store, CancellationToken cancellationToken)
    {
        try
        {
            var space = await store.GetSpaceAsync(datastore, cancellationToken);
            if (space.FreeBytes < space.TotalBytes * LowSpace)
                diagnosis.Find(Severity.Warning, "low-space", datastore.Name, $"{space.FreeBytes >> 20:N0} MiB of {space.TotalBytes >> 20:N0} MiB are free", "free some space, or add a datastore: a VM whose disk cannot grow is paused");
            diagnosis.Checked($"datastore {datastore.Name}", $"{datastore.Path}, {space.FreeBytes >> 30:N0} GiB free");
        }
        catch (RametException e)
        {
            diagnosis.Find(Severity.Error, "datastore-unreachable", datastore.Name, e.Message, e.Remedy ?? $"mount {datastore.Path}");
            diagnosis.Checked($"datastore {datastore.Name}", datastore.Path);
        }
    }
}
