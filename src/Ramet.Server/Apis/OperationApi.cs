using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Core.Operations;
using Ramet.Server.Mapping;
using Operation = Ramet.Contracts.Operation;

namespace Ramet.Server.Apis;

internal static class OperationApi
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 10_000;
    private const int MaxWaitSeconds = 60;

    public static void MapOperationApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Operations, ListAsync)
            .WithName("ListOperations").WithTags("Operations").WithSummary("Operations, newest first, without their steps");
        routes.MapGet(Routes.Operation, GetAsync)
            .WithName("GetOperation").WithTags("Operations").WithSummary("An operation with its steps")
            .WithDescription("With `wait` it answers when the operation has finished or that many seconds are over, whichever is first.");
        routes.MapPost(Routes.OperationCancel, CancelAsync)
            .WithName("CancelOperation").WithTags("Operations").WithSummary("Cancel an operation at its next safe point")
            .WithDescription("What it has done so far is taken back; `state` goes to rollingBack and then to cancelled.");
    }

    private static async Task<IReadOnlyList<Operation>> ListAsync(
        OperationRunner runner,
        [Description("Only those in this state: pending, running, rollingBack, succeeded, failed or cancelled.")] string? state,
        [Description("At most this many; 100 unless said, 10000 at most.")] int? limit,
        CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
            throw new RametException(ErrorKind.InvalidArgument, $"limit is {limit}", $"1 to {MaxLimit}", "limit");
        var operations = await runner.ListAsync(state is null ? null : Words.Parse<OperationState>(state, "state"), limit ?? DefaultLimit, cancellationToken);
        return [.. operations.Select(OperationMapper.MapWithoutSteps)];
    }

    private static async Task<Operation> GetAsync(
        OperationRunner runner,
        IHostApplicationLifetime lifetime,
        Guid id,
        [Description("Seconds to wait for its end, 0 to 60.")] int? wait,
        CancellationToken cancellationToken)
    {
        if (wait is < 0 or > MaxWaitSeconds)
            throw new RametException(ErrorKind.InvalidArgument, $"wait is {wait}", $"0 to {MaxWaitSeconds} seconds", "wait");

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            return OperationMapper.Map(await runner.WaitAsync(id, TimeSpan.FromSeconds(wait ?? 0), stopping.Token));
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RametException(
                ErrorKind.Interrupted, "the server stops; the operation goes on when it is back", $"ask again for operation {id} then", id.ToString());
        }
    }

    private static async Task<Accepted<Operation>> CancelAsync(
        OperationRunner runner, HttpContext context, Guid id, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await runner.CancelAsync(id, cancellationToken));
}
