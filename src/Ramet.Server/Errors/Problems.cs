using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Server.Apis;

namespace Ramet.Server.Errors;

/// <summary>Writes problem documents (RFC 9457).</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    // What only HTTP knows has no ErrorKind, but a stable word all the same.
    public const string MethodNotAllowed = "methodNotAllowed";
    public const string NotAcceptable = "notAcceptable";
    public const string PayloadTooLarge = "payloadTooLarge";
    public const string UnsupportedMediaType = "unsupportedMediaType";
    public const string TooManyRequests = "tooManyRequests";

    public static Problem Describe(RametException e) =>
        Create(ErrorTable.StatusOf(e.Kind), ErrorTable.WordOf(e.Kind), e.Message, e.Remedy, e.Object, e.Details);

    public static Problem Create(
        int status, string kind, string title, string? remedy = null, string? @object = null, IReadOnlyList<string>? details = null) =>
        new($"urn:ramet:error:{kind}", title, status, kind, @object, remedy, details ?? []);

    /// <summary>What an answer without a body means: the framework's own refusals.</summary>
    public static Problem Describe(HttpRequest request, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Describe(new RametException(ErrorKind.Unauthenticated, "this address needs to know who calls")),
        StatusCodes.Status403Forbidden => Describe(new RametException(ErrorKind.PermissionDenied, "the caller may not do this")),
        StatusCodes.Status404NotFound => Describe(new RametException(
            ErrorKind.NotFound, $"there is nothing at {request.Path}", $"see {Routes.OpenApi} for every address", request.Path)),
        StatusCodes.Status405MethodNotAllowed => Create(
            status, MethodNotAllowed, $"{request.Path} does not take {request.Method}", $"see {Routes.OpenApi} for what it takes", request.Path),
        StatusCodes.Status406NotAcceptable => Create(status, NotAcceptable, "the answer would be JSON, which the caller does not accept"),
        StatusCodes.Status413PayloadTooLarge => Create(status, PayloadTooLarge, "the request is larger than the server takes (1 MiB)"),
        StatusCodes.Status415UnsupportedMediaType => Create(
            status, UnsupportedMediaType, "the request's content is not JSON", "send it with 'Content-Type: application/json'"),
        >= 500 => Create(status, ErrorTable.WordOf(ErrorKind.Internal), "the server failed"),
        _ => Create(status, ErrorTable.WordOf(ErrorKind.InvalidArgument), "the request is malformed"),
    };

    public static Task WriteAsync(HttpContext context, RametException e) => WriteAsync(context, Describe(e));

    public static Task WriteAsync(HttpContext context, int status, string kind, string title, string? remedy = null) =>
        WriteAsync(context, Create(status, kind, title, remedy));

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(problem, ApiJson.Context.Problem, ContentType, context.RequestAborted);
    }
}
