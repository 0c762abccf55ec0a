using Microsoft.AspNetCore.Http.HttpResults;
using Ramet.Contracts;
using Ramet.Server.Security;

namespace Ramet.Server.Apis;

internal static class TokenApi
{
    public static void MapTokenApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Tokens, ListAsync)
            .WithName("ListTokens").WithTags("Tokens").WithSummary("API tokens, without their secrets");
        routes.MapPost(Routes.Tokens, CreateAsync)
            .WithName("CreateToken").WithTags("Tokens").WithSummary("Make an API token")
            .WithDescription("The answer is the only place where its secret is ever shown.");
        routes.MapDelete(Routes.Token, RevokeAsync)
            .WithName("RevokeToken").WithTags("Tokens").WithSummary("Revoke an API token at once");
    }

    private static async Task<IReadOnlyList<Token>> ListAsync(ApiTokens tokens, CancellationToken cancellationToken) =>
        [.. (await tokens.ListAsync(cancellationToken)).Select(t => new Token(t.Name, t.CreatedAt, t.ExpiresAt, t.LastUsedAt))];

    private static async Task<Created<CreatedToken>> CreateAsync(ApiTokens tokens, TokenRequest request, CancellationToken cancellationToken)
    {
        var (token, secret) = await tokens.CreateAsync(request.Name, request.ExpiresInDays, cancellationToken);
        return TypedResults.Created(
            Routes.Token.Replace("{name}", token.Name, StringComparison.Ordinal), new CreatedToken(token.Name, secret, token.ExpiresAt));
    }

    private static async Task<NoContent> RevokeAsync(ApiTokens tokens, string name, CancellationToken cancellationToken)
    {
        await tokens.RevokeAsync(name, cancellationToken);
        return TypedResults.NoContent();
    }
}
