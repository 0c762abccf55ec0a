namespace Ramet.Contracts;

/// <summary>Long-running work.</summary>
/// <param name="State">pending, running, rollingBack, succeeded, failed, cancelled.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="Result">Names of what it made or changed.</param>
public sealed record Operation(
    Guid Id, string Kind, string Title, string Actor, string State, bool CancelRequested, double Progress, long BytesDone, long BytesTotal,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, Problem? Error, IReadOnlyList<string> Warnings, IReadOnlyList<string> Result,
    IReadOnlyList<OperationStep> Steps)
{
    /// <summary>Whether nothing more will happen to it.</summary>
    public bool Finished => State is "succeeded" or "failed" or "cancelled";
}

/// <summary>A step of an operation.</summary>
/// <param name="State">pending, running, done, undone, failed.</param>
public sealed record OperationStep(int Index, string Title, string State, double Progress, string? Error);

/// <summary>An event as the stream sends it.</summary>
public sealed record Event(long Id, DateTimeOffset At, string Kind, string Object, IReadOnlyDictionary<string, string> Data);
