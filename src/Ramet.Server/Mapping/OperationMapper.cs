using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Core.Operations;
using Ramet.Server.Errors;
using Operation = Ramet.Core.Operations.Operation;

namespace Ramet.Server.Mapping;

internal static class OperationMapper
{
    public static Contracts.Operation Map(Operation operation) => new(
        operation.Id, operation.Kind, operation.Title, operation.Actor, OperationCopy.Word(operation.State), operation.CancelRequested,
        operation.Progress, operation.BytesDone, operation.BytesTotal, operation.CreatedAt, operation.FinishedAt, Error(operation),
        Lines(operation.Warnings), Lines(operation.Result),
        [.. operation.Steps.Select(s => new Contracts.OperationStep(s.Index, s.Title, OperationCopy.Word(s.State), s.Progress, s.Error))]);

    public static Contracts.Operation MapWithoutSteps(Operation operation) => Map(operation) with { Steps = [] };

    private static Problem? Error(Operation operation) => operation.ErrorKind is { } kind
        ? Problems.Describe(new RametException(kind, operation.ErrorMessage ?? "", operation.ErrorRemedy))
        : null;

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
