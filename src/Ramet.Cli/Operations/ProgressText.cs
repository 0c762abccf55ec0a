using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Operations;

/// <summary>What progress looks like in words.</summary>
internal static class ProgressText
{
    /// <summary>"step 3/12: Create 10 overlays", or with several at work "steps 3, 4, 5 of 12: …".</summary>
    public static string Step(Operation operation)
    {
        if (operation.State == "rollingBack")
            return "rolling back";
        var running = operation.Steps.Where(s => s.State == "running").ToList();
        return running switch
        {
            [] => operation.State == "pending" ? "waiting for others" : "",
            [var one] => $"step {one.Index + 1}/{operation.Steps.Count}: {one.Title}",
            [var first, ..] => $"steps {first.Index + 1}–{running[^1].Index + 1}/{operation.Steps.Count}: {first.Title}, …",
        };
    }

    /// <summary>"1.2 GiB of 3 GiB"; empty when no bytes are moved.</summary>
    public static string Bytes(Operation operation) => operation switch
    {
        { BytesTotal: > 0 } => $"{Units.Bytes(operation.BytesDone)} of {Units.Bytes(operation.BytesTotal)}",
        { BytesDone: > 0 } => Units.Bytes(operation.BytesDone),
        _ => "",
    };

    public static int Percent(Operation operation) => (int)Math.Floor(Math.Clamp(operation.Progress, 0, 1) * 100 + 1e-9);
}
