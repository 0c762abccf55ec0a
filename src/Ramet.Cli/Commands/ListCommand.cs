using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet list</summary>
internal sealed class ListCommand : RametCommand
{
    private readonly VmArguments _vms;

    public ListCommand(CliApplication application)
        : base(application, "list", "List VMs.")
    {
        Aliases.Add("ls");
        _vms = new VmArguments(this, application, orAll: true);
        Example("ramet list");
        Example("ramet list --all-clones-of debian12@v1 --quiet");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.ListVmsAsync(_vms.Read(call), cancellationToken), RametJson.Default.IReadOnlyListVirtualMachine, vms =>
        {
            if (call.Quiet)
            {
                foreach (var vm in vms)
                    call.Out.WriteLine(Plain.Text(vm.Name));
                return;
            }

            var table = new TableView("Name", "State", "Origin", "Depth", "CPU", "Memory", "Disk", "Clones").AlignRight(3, 4, 5, 6, 7);
            foreach (var vm in vms)
            {
                table.Row(new Cell(vm.Name, Look.Strong), Cell.State(vm.State), vm.Origin, vm.Depth.ToString(), vm.Cpus.ToString(),
                    Units.Bytes((long)vm.MemoryMiB << 20), Units.Bytes(vm.Disks.Sum(d => d.VirtualSize)), vm.Clones.ToString());
            }

            table.Write(call.Screen, "There are no VMs. Make one: ramet import FILE --name NAME");
        });
}
