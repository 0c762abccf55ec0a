using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet operation show</summary>
internal sealed class OperationShowCommand : RametCommand
{
    private readonly OperationArgument _id;

    public OperationShowCommand(CliApplication application)
        : base(application, "show", "Show an operation: state, steps, warnings, error.")
    {
        _id = Add(new OperationArgument(application));
        Example("ramet operation show 0198a1f2-5b7c-7d3e-9f00-1a2b3c4d5e6f");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.GetOperationAsync(call.Get(_id), 0, cancellationToken), RametJson.Default.Operation, operation => Print(call, operation));

    private static void Print(Invocation call, Operation operation)
    {
        var screen = call.Screen;
        new CardView()
            .Field("Id", operation.Id.ToString())
            .Field("Title", new Cell(operation.Title, Look.Strong))
            .Field("State", new Cell(operation.State + (operation is { CancelRequested: true, Finished: false } ? " (cancelling)" : ""), Look.OfState(operation.State)))
            .Field("Progress", ProgressText.Percent(operation) + "%")
            .Field("Bytes", ProgressText.Bytes(operation))
            .Field("Actor", operation.Actor)
            .Field("Begun", Units.Time(operation.CreatedAt, call.Host.Time))
            .Field("Finished", operation.FinishedAt is { } at ? $"{Units.Time(at, call.Host.Time)} (after {Units.Duration(at - operation.CreatedAt)})" : null)
            .Field("Result", string.Join(", ", operation.Result))
            .Write(screen);
        foreach (var warning in operation.Warnings)
            screen.Line("warning:", Look.Warning, warning);
        if (operation.Error is { } error)
            ProblemView.Write(screen, error with { Details = error.Details ?? [] });

        if (operation.Steps.Count == 0)
            return;
        screen.Line("");
        var steps = new TableView("Step", "State", "Done", "Title", "Error").AlignRight(0, 2);
        foreach (var step in operation.Steps)
            steps.Row((step.Index + 1).ToString(), Cell.State(step.State), $"{step.Progress * 100:0}%", step.Title, step.Error);
        steps.Write(screen, "");
    }
}
