using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet host list</summary>
internal sealed class HostListCommand : RametCommand
{
    public HostListCommand(CliApplication application)
        : base(application, "list", "List hypervisors: whether they answer, and whether guests run on KVM or in software emulation.")
    {
        Example("ramet host list");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.ListHostsAsync(cancellationToken), RametJson.Default.IReadOnlyListHost, hosts =>
        {
            var table = new TableView("Name", "URI", "State", "Guests on", "libvirt", "QEMU", "CPUs", "Memory", "VMs", "Networks").AlignRight(6, 7, 8);
            foreach (var h in hosts)
            {
                table.Row(new Cell(h.Name, Look.Strong), h.Uri, h.Connected ? new Cell("connected", Look.Good) : new Cell("away", Look.Bad), h.Virtualization,
                    h.LibvirtVersion, h.QemuVersion, h.Cpus.ToString(), Units.Bytes(h.MemoryBytes), h.Vms.ToString(),
                    string.Join(",", h.Networks.Select(n => n.Active ? n.Name : n.Name + " (inactive)")));
            }

            table.Write(call.Screen, "No hosts.");
            foreach (var h in hosts)
            {
                if (h.Error is { Length: > 0 } error)
                    call.ErrorScreen.Line("warning:", Look.Warning, $"{h.Name}: {error}");
                if (h.VirtualizationReason is { Length: > 0 } reason)
                    call.ErrorScreen.Line("note:", Look.Faint, $"{h.Name}: {reason}");
            }
        });
}
