namespace Ramet.Core.Operations;

/// <summary>Where an operation stands. Persisted: values never change.</summary>
public enum OperationState
{
    Pending = 0,
    Running = 1,
    /// <summary>It failed or was cancelled; what it had done is being undone.</summary>
    RollingBack = 2,
    Succeeded = 3,
    /// <summary>See the error; nothing of the unfinished part is left.</summary>
    Failed = 4,
    Cancelled = 5,
}

/// <summary>Long-running work: the resource that every mutating call returns, and the head of its journal.</summary>
public sealed class Operation
{
    public Guid Id { get; init; }

    /// <summary>The verb: "clone", "import", "delete", …</summary>
    public required string Kind { get; init; }

    /// <summary>What it does, in words: "Clone debian12@v1 to seat-01 … seat-10".</summary>
    public required string Title { get; init; }

    /// <summary>Who asked: "uid:0 (root)", "token:ci".</summary>
    public required string Actor { get; init; }

    public OperationState State { get; set; }

    /// <summary>Set by cancel; honoured at the next safe point.</summary>
    public bool CancelRequested { get; set; }

    /// <summary>0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>Bytes moved so far by steps that move bytes.</summary>
    public long BytesDone { get; set; }

    public long BytesTotal { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    public Errors.ErrorKind? ErrorKind { get; set; }

    public string? ErrorMessage { get; set; }

    public string? ErrorRemedy { get; set; }

    /// <summary>One a line: what the user should know although it went well.</summary>
    public string? Warnings { get; set; }

    /// <summary>Names of the objects that it made or changed, one a line.</summary>
    public string? Result { get; set; }

    /// <summary>Resources it holds, one a line ("vm:ID"): taken again after a restart before anybody is served.</summary>
    public string Claims { get; init; } = "";

    public List<OperationStep> Steps { get; init; } = [];
}

/// <summary>Where a step stands. Persisted: values never change.</summary>
public enum StepState
{
    Pending = 0,
    Running = 1,
    Done = 2,
    Undone = 3,
    /// <summary>It failed, and the operation went on without it.</summary>
    Failed = 4,
}

/// <summary>What becomes of a step that fails. Persisted: values never change.</summary>
public enum StepRole
{
    /// <summary>Undoes the stage back to its beginning.</summary>
    Normal = 0,
    /// <summary>Once done, the stage is never undone again, only finished.</summary>
    Pivot = 1,
    /// <summary>Its failure becomes a warning; the others go on.</summary>
    Independent = 2,
}

/// <summary>One idempotent step of an operation's journal.</summary>
public sealed class OperationStep
{
    public Guid OperationId { get; init; }

    /// <summary>Order within the operation, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Stages are committed one after the other; undo never goes back past a finished stage.</summary>
    public int Stage { get; init; }

    /// <summary>Which <see cref="IStep"/> runs it; persisted, so never renamed.</summary>
    public required string Kind { get; init; }

    /// <summary>For the user: "Create 10 overlays".</summary>
    public required string Title { get; init; }

    public StepRole Role { get; init; }

    /// <summary>Arguments, JSON; ids of catalog records that were made in the operation's first transaction.</summary>
    public required string Arguments { get; init; }

    public StepState State { get; set; }

    /// <summary>0 to 1, as last stored.</summary>
    public double Progress { get; set; }

    public string? Error { get; set; }
}
