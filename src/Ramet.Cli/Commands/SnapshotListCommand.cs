using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet snapshot list</summary>
internal sealed class SnapshotListCommand : RametCommand
{
    private readonly VmArgument _vm;

    public SnapshotListCommand(CliApplication application)
        : base(application, "list", "List a VM's snapshots.")
    {
        _vm = Add(new VmArgument(application));
        Example("ramet snapshot list debian12");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var vm = call.Get(_vm);
        return call.Show(await call.Client.ListSnapshotsAsync(vm, cancellationToken), RametJson.Default.IReadOnlyListSnapshot, snapshots =>
        {
            if (call.Quiet)
            {
                foreach (var snapshot in snapshots)
                    call.Out.WriteLine(Plain.Text(snapshot.FullName));
                return;
            }

            var table = new TableView("Name", "State", "Parent", "Clones", "Taken", "How", "Description").AlignRight(3);
            foreach (var s in snapshots)
            {
                table.Row(s.FullName, Cell.State(s.State), s.Parent, s.Clones.ToString(), Units.Time(s.CreatedAt, call.Host.Time),
                    s switch { { Live: true, Quiesced: true } => "live, quiesced", { Live: true } => "live", _ => "stopped" }, s.Description);
            }

            table.Write(call.Screen, $"{vm} has no snapshot. Make one: ramet snapshot create {vm} v1");
        });
    }
}
