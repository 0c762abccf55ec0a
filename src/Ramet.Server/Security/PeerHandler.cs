using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Ramet.Core.Errors;
using Ramet.Server.Errors;
using Ramet.Server.Options;

namespace Ramet.Server.Security;

/// <summary>Authenticates by the peer credentials that were read when the connection came in.</summary>
internal sealed class PeerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ServerOptions server)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Context.Features.Get<LocalCaller>() is { } caller
            ? AuthenticateResult.Success(AccessPolicy.Ticket(caller.Actor, caller.IsAdministrator, Scheme.Name))
            : AuthenticateResult.NoResult());

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.WriteAsync(
        Context,
        new RametException(
            ErrorKind.PermissionDenied, $"{Context.User.Actor()} may not use this server",
            $"call as root, or as a member of the group '{server.Group}' ('usermod -aG {server.Group} USER', then log in again)"));
}
