using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Operations;

/// <summary>How an operation ended: its result and warnings, or its error; and the exit code.</summary>
internal static class OperationOutcome
{
    /// <param name="call">Where to print.</param>
    /// <param name="ended">Null: the user did not wait for the end.</param>
    public static int Print(Invocation call, Operation? ended)
    {
        if (ended is null)
            return ExitCodes.Interrupted;
        var problem = ProblemOf(ended);
        if (call.Json)
        {
            Invocation.WriteJson(call.Out, ended, RametJson.Default.Operation, indented: true);
            return problem is null ? ExitCodes.Success : call.Fail(problem);
        }

        foreach (var warning in ended.Warnings)
            call.ErrorScreen.Line("warning:", Look.Warning, warning);
        if (problem is not null)
            return call.Fail(problem);

        if (call.Quiet)
        {
            foreach (var name in ended.Result)
                call.Out.WriteLine(Plain.Text(name));
        }
        else
        {
            var took = ended.FinishedAt is { } finished ? $" ({Units.Duration(finished - ended.CreatedAt)})" : "";
            call.Screen.Line("done:", Look.Good, ended.Title + took);
        }

        return ExitCodes.Success;
    }

    private static Problem? ProblemOf(Operation ended) => ended.State switch
    {
        "succeeded" => null,
        "cancelled" => new Problem("about:blank", $"cancelled, and what it had done was rolled back: {ended.Title}", 0, "cancelled", null, null, []),
        _ when ended.Error is { } error => error with
        {
            Remedy = error.Remedy ?? $"see: ramet operation show {ended.Id}",
            Details = error.Details ?? [],
        },
        _ => new Problem("about:blank", $"operation {ended.Id} {ended.State}: {ended.Title}", 0, "internal", null, $"see: ramet operation show {ended.Id}", []),
    };
}
