using Microsoft.Extensions.Logging;

namespace Ramet.Core.Operations;

/// <summary>Log messages of operations; event ids 1000–1099 are theirs.</summary>
internal static partial class OperationLog
{
    [LoggerMessage(1000, LogLevel.Information, "operation {Id} begun by {Actor}: {Title}")]
    public static partial void Begun(ILogger logger, Guid id, string actor, string title);

    [LoggerMessage(1001, LogLevel.Information, "operation {Id} {State}: {Title}")]
    public static partial void Ended(ILogger logger, Guid id, OperationState state, string title);

    [LoggerMessage(1002, LogLevel.Warning, "operation {Id}: step {Index} ({Step}) failed")]
    public static partial void StepFailed(ILogger logger, Exception exception, Guid id, int index, string step);

    [LoggerMessage(1003, LogLevel.Warning, "operation {Id}: step {Index} ({Step}) could not be undone; trying again")]
    public static partial void UndoFailed(ILogger logger, Exception exception, Guid id, int index, string step);

    [LoggerMessage(1004, LogLevel.Information, "operation {Id} found unfinished after a restart ({State}): {Title}")]
    public static partial void Recovering(ILogger logger, Guid id, OperationState state, string title);

    [LoggerMessage(1005, LogLevel.Critical, "operation {Id} ended by a defect; its journal is kept for the next start")]
    public static partial void Broken(ILogger logger, Exception exception, Guid id);
}
