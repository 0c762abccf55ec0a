using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet tree</summary>
internal sealed class TreeCommand : RametCommand
{
    private readonly Argument<string?> _vm = new("VM") { Arity = ArgumentArity.ZeroOrOne, Description = "Only the lineage of this VM" };

    public TreeCommand(CliApplication application)
        : base(application, "tree", "Draw lineage: parents, their snapshots, the clones of those; with state, depth and allocated bytes.")
    {
        _vm.CompletionSources.Add(new Candidates(application).Vms);
        Add(_vm);
        Example("ramet tree debian12");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.GetTreeAsync(call.Parsed.GetValue(_vm), cancellationToken), RametJson.Default.IReadOnlyListTreeNode,
            roots => LineageView.Write(call.Screen, roots));
}
