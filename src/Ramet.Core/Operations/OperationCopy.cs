namespace Ramet.Core.Operations;

/// <summary>Copies of operations and the words for their states.</summary>
public static class OperationCopy
{
    /// <summary>The state as the API and events write it: camelCase.</summary>
    public static string Word<T>(T state) where T : struct, Enum
    {
        var name = state.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    internal static Operation Of(Operation source)
    {
        var copy = new Operation
        {
            Id = source.Id,
            Kind = source.Kind,
            Title = source.Title,
            Actor = source.Actor,
            CreatedAt = source.CreatedAt,
            Claims = source.Claims,
            Result = source.Result,
        };
        CopyTo(source, copy);
        foreach (var step in source.Steps)
        {
            copy.Steps.Add(new OperationStep
            {
                OperationId = step.OperationId,
                Index = step.Index,
                Stage = step.Stage,
                Kind = step.Kind,
                Title = step.Title,
                Role = step.Role,
                Arguments = step.Arguments,
                State = step.State,
                Progress = step.Progress,
                Error = step.Error,
            });
        }

        return copy;
    }

    internal static void CopyTo(Operation source, Operation target)
    {
        target.State = source.State;
        target.CancelRequested = source.CancelRequested;
        target.Progress = source.Progress;
        target.BytesDone = source.BytesDone;
        target.BytesTotal = source.BytesTotal;
        target.FinishedAt = source.FinishedAt;
        target.ErrorKind = source.ErrorKind;
        target.ErrorMessage = source.ErrorMessage;
        target.ErrorRemedy = source.ErrorRemedy;
        target.Warnings = source.Warnings;
    }
}
