namespace Ramet.Server.Apis;

/// <summary>For load balancers and watchdogs: says that the server answers, and nothing else.</summary>
internal static class HealthApi
{
    public const string Address = "/health";

    public static void MapHealthApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Address, () => TypedResults.Text("ok\n")).WithName("GetHealth").AllowAnonymous().ExcludeFromDescription();
}
