using System.Text.Json;
using Ramet.Core.Errors;
using Ramet.Server.Logging;

namespace Ramet.Server.Errors;

/// <summary>Turns everything that goes wrong into a problem document. Outermost, so that nothing escapes it.</summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // What was set for the answer that did not come must not describe this one; WWW-Authenticate comes later.
            context.Response.Clear();
            await Problems.WriteAsync(context, Describe(context, e));
            return;
        }
        catch (Exception e) when (e is not RametException)
        {
            log.RequestFailed(e, context.Request.Method, context.Request.Path, context.TraceIdentifier);
            context.Abort();
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null && response.ContentLength is null)
            await Problems.WriteAsync(context, Problems.Describe(context.Request, response.StatusCode));
    }

    private Contracts.Problem Describe(HttpContext context, Exception e)
    {
        switch (e)
        {
            case RametException { Kind: not ErrorKind.Internal } known:
                return Problems.Describe(known);
            case BadHttpRequestException { InnerException: JsonException json }:
                return Problems.Describe(new RametException(
                    ErrorKind.InvalidArgument, $"the request's JSON cannot be used: {BadRequests.Explain(json)}", @object: json.Path));
            case BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad:
                return Problems.Describe(new RametException(ErrorKind.InvalidArgument, BadRequests.Explain(bad)));
            case BadHttpRequestException bad:
                return Problems.Describe(context.Request, bad.StatusCode);
            default:
                log.RequestFailed(e, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return Problems.Describe(new RametException(
                    ErrorKind.Internal, "the server failed by a defect of its own",
                    $"look for incident {context.TraceIdentifier} in its log ('journalctl -u ramet-server') and report it", context.TraceIdentifier));
        }
    }
}
