using Ramet.Core.Access;
using Ramet.Core.Catalog;
using Ramet.Server.Logging;
using Ramet.Server.Security;

namespace Ramet.Server.Auditing;

/// <summary>On an endpoint: overrules what its method says of whether a call changes something.</summary>
internal sealed record AuditMetadata(bool Audited);

/// <summary>
/// Writes a line for every call that could change something, refused and failed ones too, when its outcome is known. Calls
/// by nobody (wrong tokens) only go to the log: anybody could fill the trail with them.
/// </summary>
internal sealed class AuditMiddleware(RequestDelegate next, ICatalog catalog, TimeProvider time, ILogger<AuditMiddleware> log)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Before the answer leaves: who has it can rely on the line being there.
        context.Response.OnStarting(() => AuditAsync(context));
        return next(context);
    }

    private async Task AuditAsync(HttpContext context)
    {
        var audited = context.GetEndpoint()?.Metadata.GetMetadata<AuditMetadata>()?.Audited
            ?? !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));
        if (!audited || context.User.Identity is not { IsAuthenticated: true, Name: { } actor })
            return;

        var action = $"{context.Request.Method} {context.Request.Path}";
        log.Audited(actor, action, context.Response.StatusCode);
        try
        {
            await using var session = catalog.Open();
            session.Add(new AuditEntry
            {
                At = time.GetUtcNow(),
                Actor = actor,
                Action = action,
                Outcome = context.Response.StatusCode,
                OperationId = context.Features.Get<BegunOperation>()?.Id,
            });
            // The work is done whether or not the caller still waits.
            await session.SaveAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            log.NotAudited(e, action, actor);
        }
    }
}

/// <summary>The operation that a call began.</summary>
internal sealed record BegunOperation(Guid Id);
