using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Ramet.Server.Security;

/// <summary>
/// Who may call: on the unix socket whom the kernel names, elsewhere who shows an API token. There is one role so far, and
/// it is asked of everything that does not say otherwise, unknown addresses included.
/// </summary>
internal static class AccessPolicy
{
    public const string Administrator = "administrator";
    public const string PeerScheme = "peer";
    public const string TokenScheme = "token";
    private const string ByConnection = "by-connection";

    public static IServiceCollection AddAccess(this IServiceCollection services, string administratorGroup)
    {
        services.AddSingleton(new LocalUsers(administratorGroup));
        services.AddSingleton<FailureThrottle>();
        services.AddSingleton<ApiTokens>();
        services.AddAuthentication(ByConnection)
            .AddPolicyScheme(
                ByConnection, null,
                o => o.ForwardDefaultSelector = c => c.Features.Get<LocalCaller>() is null ? TokenScheme : PeerScheme)
            .AddScheme<AuthenticationSchemeOptions, PeerHandler>(PeerScheme, null)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenScheme, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(Administrator).Build());
        return services;
    }

    /// <summary>Who the call's audit line and operation name.</summary>
    public static string Actor(this ClaimsPrincipal user) =>
        user.Identity?.Name ?? throw new InvalidOperationException("nobody is authenticated");

    internal static AuthenticationTicket Ticket(string actor, bool administrator, string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(identity.NameClaimType, actor));
        if (administrator)
            identity.AddClaim(new Claim(identity.RoleClaimType, Administrator));
        return new AuthenticationTicket(new ClaimsPrincipal(identity), scheme);
    }
}
