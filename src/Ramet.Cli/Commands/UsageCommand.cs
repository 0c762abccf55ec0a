using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet usage</summary>
internal sealed class UsageCommand : RametCommand
{
    private readonly Argument<string[]> _vms = new("VM")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Names, or patterns in quotes: 'seat-*'; nothing for all",
        DefaultValueFactory = _ => [],
    };

    public UsageCommand(CliApplication application)
        : base(application, "usage", "Show the space that VMs take, what full copies would have taken, and the saving.")
    {
        _vms.CompletionSources.Add(new Candidates(application).Vms);
        Add(_vms);
        Example("ramet usage");
        Example("ramet usage 'seat-*' --json");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.GetUsageAsync(call.Get(_vms), cancellationToken), RametJson.Default.Usage, usage =>
        {
            var table = new TableView("Name", "Origin", "Virtual", "Exclusive", "Shared", "Full copy", "Saved").AlignRight(2, 3, 4, 5, 6);
            foreach (var vm in usage.Vms)
            {
                table.Row(new Cell(vm.Name, Look.Strong), vm.Origin, Units.Bytes(vm.VirtualSize), Units.Bytes(vm.ExclusiveBytes),
                    Units.Bytes(vm.SharedBytes), Units.Bytes(vm.FullCopyBytes), new Cell(Units.Bytes(vm.SavedBytes), Look.Good));
            }

            if (table.Count == 0)
            {
                table.Write(call.Screen, "There are no VMs.");
                return;
            }

            table.Total("Total", "", Units.Bytes(usage.Vms.Sum(v => v.VirtualSize)), "", "", Units.Bytes(usage.FullCopiesBytes), Units.Bytes(usage.SavedBytes));
            table.Write(call.Screen, "");
            // Shared layers count once in the sum and once per VM in the rows: the sum of a column would be a lie.
            call.Screen.Line($"On disk: {Units.Bytes(usage.ActualBytes)}, every layer counted once; as full copies: {Units.Bytes(usage.FullCopiesBytes)}; saved: {Saved(usage)}.");
        });

    private static string Saved(Usage usage) => usage.FullCopiesBytes > 0
        ? $"{Units.Bytes(usage.SavedBytes)} ({100.0 * usage.SavedBytes / usage.FullCopiesBytes:0.#}%)"
        : Units.Bytes(usage.SavedBytes);
}
