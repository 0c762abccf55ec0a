using System.Net;
using Ramet.Contracts;
using Ramet.Core.Access;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class AuditTests
{
    [Fact]
    public async Task Every_call_that_changes_something_leaves_a_line()
    {
        await using var server = await TestServer.StartAsync();
        using var ci = server.OverTls(await server.CreateTokenAsync("ci"));

        var operation = await server.ImportAsync("debian12");
        await ci.PostAsync(Routes.Start, Answers.Json("""{ "names": ["ghost"] }""")).MustRefuseAsync(HttpStatusCode.NotFound, "notFound");
        await ci.PostAsync(Routes.Start, Answers.Json("{")).MustRefuseAsync(HttpStatusCode.BadRequest, "invalidArgument");
        await ci.PutAsync("/api/v1/nothing", null).MustRefuseAsync(HttpStatusCode.NotFound, "notFound");
        using (await ci.DeleteAsync("/api/v1/tokens/ci"))
        {
        }

        var lines = await ReadAsync(server);
        Assert.Equal(
            [("POST /api/v1/vms/import", 202), ("POST /api/v1/vms/start", 404), ("POST /api/v1/vms/start", 400), ("PUT /api/v1/nothing", 404), ("DELETE /api/v1/tokens/ci", 204)],
            lines.Select(l => (l.Action, l.Outcome)));
        Assert.Equal((operation.Actor, operation.Id), (lines[0].Actor, lines[0].OperationId));
        Assert.All(lines.Skip(1), l => Assert.Equal(("token:ci", null), (l.Actor, l.OperationId)));
    }

    [Fact]
    public async Task Calls_that_only_look_leave_none()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportAsync("debian12");
        using var stranger = server.OverTls();

        await server.GetAsync<IReadOnlyList<VirtualMachine>>(Routes.Vms);
        using (var preview = await server.Local.PostAsync(Routes.DeletePreview, Answers.Json("""{ "names": ["debian12"] }""")))
            Assert.Equal(["debian12"], (await preview.ReadAsync<DeletePreview>()).Targets);
        await stranger.PostAsync(Routes.Delete, Answers.Json("""{ "names": ["debian12"] }""")).MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");

        Assert.Equal("POST /api/v1/vms/import", Assert.Single(await ReadAsync(server)).Action);
    }

    private static async Task<List<AuditEntry>> ReadAsync(TestServer server)
    {
        await using var session = server.OpenCatalog();
        return await session.ListAsync(session.Audit.OrderBy(a => a.Id), default);
    }
}
