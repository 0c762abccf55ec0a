using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet show</summary>
internal sealed class ShowCommand : RametCommand
{
    private readonly VmArgument _vm;

    public ShowCommand(CliApplication application)
        : base(application, "show", "Show a VM: hardware, identity, disks with their chains.")
    {
        _vm = Add(new VmArgument(application));
        Example("ramet show seat-01");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.GetVmAsync(call.Get(_vm), cancellationToken), RametJson.Default.VirtualMachine, vm => Print(call, vm));

    private static void Print(Invocation call, VirtualMachine vm)
    {
        var screen = call.Screen;
        new CardView()
            .Field("Name", new Cell(vm.Name, Look.Strong))
            .Field("Description", vm.Description)
            .Field("State", Cell.State(vm.State))
            .Field("Origin", vm.Origin)
            .Field("Depth", vm.Depth.ToString())
            .Field("Snapshots", vm.Snapshots.ToString())
            .Field("Clones", vm.Clones.ToString())
            .Field("Host", vm.Host)
            .Field("CPUs", vm.Cpus.ToString())
            .Field("Memory", Units.Bytes((long)vm.MemoryMiB << 20))
            .Field("Firmware", vm.Firmware)
            .Field("Created", Units.Time(vm.CreatedAt, call.Host.Time) + (vm.Adopted ? " (adopted)" : ""))
            .Write(screen);

        screen.Line("");
        screen.Line("Identity", Look.Strong);
        var identity = new CardView()
            .Field("UUID", vm.Id.ToString())
            .Field("Hostname", vm.Hostname)
            .Field("Machine id", vm.MachineId ?? "the guest's own")
            .Field("Generation id", vm.GenerationId.ToString())
            .Field("Serial", vm.Serial)
            .Field("Instance id", vm.InstanceId)
            .Field("cloud-init", vm.CloudInit);
        foreach (var nic in vm.Nics)
            identity.Field("MAC", nic.Network is null ? nic.Mac : $"{nic.Mac} on {nic.Network}");
        identity.Write(screen, "  ");

        foreach (var disk in vm.Disks)
        {
            screen.Line("");
            screen.Line($"Disk {disk.Target}: {Units.Bytes(disk.VirtualSize)}, {disk.Format}, depth {disk.Depth}", Look.Strong);
            var chain = new TableView("Layer", "State", "Format", "Datastore", "Sharers", "Digest", "Path").AlignRight(0, 4);
            for (var i = 0; i < disk.Chain.Count; i++)
            {
                var layer = disk.Chain[i];
                chain.Row(i.ToString(), Cell.State(layer.State), layer.Format, layer.Datastore, layer.Sharers.ToString(), Shorten(layer.Digest), layer.Path);
            }

            if (chain.Count > 0)
                chain.Write(screen, "");
            else
                screen.Line("  " + disk.Path);
        }
    }

    // Enough to compare with the eye; --json has all of it.
    private static string? Shorten(string? digest) => digest is { Length: > 19 } ? digest[..19] + "…" : digest;
}
