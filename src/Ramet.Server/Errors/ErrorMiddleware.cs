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
                    ErrorKind.InvalidArgument, $"the request's JSON cannot be used: {Explain(json)}", @object: json.Path));
            case BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad:
                return Problems.Describe(new RametException(ErrorKind.InvalidArgument, Sentence(bad.Message)));
            case BadHttpRequestException bad:
                return Problems.Describe(context.Request, bad.StatusCode);
            default:
                log.RequestFailed(e, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return Problems.Describe(new RametException(
                    ErrorKind.Internal, "the server failed by a defect of its own",
                    $"look for incident {context.TraceIdentifier} in its log ('journalctl -u ramet-server') and report it", context.TraceIdentifier));
        }
    }

    /// <summary>System.Text.Json names .NET types, which mean nothing to a caller.</summary>
    private static string Explain(JsonException json)
    {
        var text = json.Message;
        var path = json.Path is { Length: > 1 } where ? where : "the document";
        if (text.Contains("missing required properties", StringComparison.Ordinal) && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            return "missing:" + text[(colon + 1)..].TrimEnd('.').Replace("'", "\"", StringComparison.Ordinal);
        if (text.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
            return $"{text[..(text.IndexOf("' ", StringComparison.Ordinal) + 1)].Replace("The JSON property ", "", StringComparison.Ordinal)} is not a field of it";
        if (text.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return $"{path} is of the wrong type";
        if (text.Contains("doesn't allow setting null", StringComparison.Ordinal) || text.Contains("disallows null", StringComparison.Ordinal))
            return $"{path} cannot be null";
        return $"{path}: {Sentence(text)}";
    }

    private static string Sentence(string text)
    {
        var end = text.IndexOf(" Path: ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.', ' ');
    }
}
