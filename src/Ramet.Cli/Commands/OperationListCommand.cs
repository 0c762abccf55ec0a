using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet operation list</summary>
internal sealed class OperationListCommand : RametCommand
{
    private readonly Option<string?> _state = new("--state") { HelpName = "STATE", Description = "Only in this state: pending, running, rollingBack, succeeded, failed, cancelled" };
    private readonly Option<int> _limit = new("--limit") { HelpName = "N", Description = "At most this many, newest first (default 50)", DefaultValueFactory = _ => 50 };

    public OperationListCommand(CliApplication application)
        : base(application, "list", "List operations, newest first.")
    {
        Add(_state).AcceptOnlyFromAmong("pending", "running", "rollingBack", "succeeded", "failed", "cancelled");
        Add(_limit);
        Example("ramet operation list --state running");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.ListOperationsAsync(call.Get(_state), call.Get(_limit), cancellationToken), RametJson.Default.IReadOnlyListOperation, operations =>
        {
            if (call.Quiet)
            {
                foreach (var operation in operations)
                    call.Out.WriteLine(operation.Id);
                return;
            }

            var table = new TableView("Id", "State", "Done", "Begun", "Actor", "Title").AlignRight(2);
            foreach (var o in operations)
                table.Row(o.Id.ToString(), Cell.State(o.State), ProgressText.Percent(o) + "%", Units.Time(o.CreatedAt, call.Host.Time), o.Actor, o.Title);
            table.Write(call.Screen, "No operations.");
        });
}
