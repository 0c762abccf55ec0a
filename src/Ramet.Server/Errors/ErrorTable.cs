using System.Text.Json;
using Ramet.Core.Errors;

namespace Ramet.Server.Errors;

/// <summary>The one table from kinds to HTTP; the word of a kind is its name in camelCase.</summary>
internal static class ErrorTable
{
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Internal => StatusCodes.Status500InternalServerError,
        ErrorKind.InvalidArgument => StatusCodes.Status400BadRequest,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.AlreadyExists => StatusCodes.Status409Conflict,
        ErrorKind.HasDependents => StatusCodes.Status409Conflict,
        ErrorKind.Busy => StatusCodes.Status409Conflict,
        ErrorKind.InvalidState => StatusCodes.Status409Conflict,
        ErrorKind.InvalidImage => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.ChecksumMismatch => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.LayerChanged => StatusCodes.Status409Conflict,
        ErrorKind.NoSpace => StatusCodes.Status507InsufficientStorage,
        ErrorKind.HostUnavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorKind.HypervisorFailure => StatusCodes.Status502BadGateway,
        ErrorKind.GuestAgentUnavailable => StatusCodes.Status504GatewayTimeout,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.PermissionDenied => StatusCodes.Status403Forbidden,
        ErrorKind.Cancelled => StatusCodes.Status409Conflict,
        ErrorKind.Timeout => StatusCodes.Status504GatewayTimeout,
        ErrorKind.DownloadFailed => StatusCodes.Status502BadGateway,
        ErrorKind.InputOutput => StatusCodes.Status500InternalServerError,
        ErrorKind.Interrupted => StatusCodes.Status503ServiceUnavailable,
        ErrorKind.Unsupported => StatusCodes.Status501NotImplemented,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "an error kind without an HTTP status"),
    };

    public static string WordOf(ErrorKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
