using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Ramet.Core.Errors;
using Ramet.Server.Errors;
using Ramet.Server.Logging;

namespace Ramet.Server.Security;

/// <summary>Authenticates by <c>Authorization: Bearer rmt_…</c> (RFC 6750).</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens, FailureThrottle throttle)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private bool _throttled;

    private IPAddress Caller => Context.Connection.RemoteIpAddress ?? IPAddress.None;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return AuthenticateResult.NoResult();

        var secret = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        if (await tokens.FindAsync(secret, Context.RequestAborted) is { } token)
            return AuthenticateResult.Success(AccessPolicy.Ticket($"token:{token.Name}", administrator: true, Scheme.Name));

        _throttled = !throttle.Note(Caller);
        if (!_throttled)
            Logger.TokenRefused(Caller);
        return AuthenticateResult.Fail("the token is unknown, revoked or expired");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_throttled)
        {
            Response.Headers.RetryAfter = FailureThrottle.Period.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Problems.WriteAsync(
                Context, StatusCodes.Status429TooManyRequests, Problems.TooManyRequests, $"too many wrong tokens came from {Caller}",
                "wait a minute; then use a token that 'ramet token list' shows");
        }

        var shown = Request.Headers.Authorization.Count > 0;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, shown ? "Bearer realm=\"ramet\", error=\"invalid_token\"" : "Bearer realm=\"ramet\"");
        return Problems.WriteAsync(
            Context,
            shown
                ? new RametException(
                    ErrorKind.Unauthenticated, "the API token is unknown, revoked or expired", "make one with 'ramet token create NAME' on the server's machine")
                : new RametException(
                    ErrorKind.Unauthenticated, "this address needs an API token",
                    "send 'Authorization: Bearer rmt_…'; make one with 'ramet token create NAME' on the server's machine"));
    }
}
