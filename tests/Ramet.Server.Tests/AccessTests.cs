using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ramet.Contracts;
using Ramet.Server.Security;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class AccessTests
{
    /// <summary>All that anybody may see. An addition is a decision.</summary>
    private static readonly string[] Open = ["/health", "/openapi/{documentName}.json"];

    [Fact]
    public async Task Every_endpoint_but_two_asks_who_calls()
    {
        await using var server = await TestServer.StartAsync();
        using var stranger = server.OverTls();
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.Equal(Open, endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(e => e.RoutePattern.RawText).Order());
        var asked = 0;
        foreach (var endpoint in endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Where(m => m != HttpMethods.Connect))
            {
                var address = endpoint.RoutePattern.RawText!.Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal);
                using var request = new HttpRequestMessage(new HttpMethod(method), address);
                await stranger.SendAsync(request).MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");
                asked++;
            }
        }

        Assert.True(asked > 20);
        await stranger.GetAsync("/api/v1/no/such/thing").MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("ok\n", await stranger.GetStringAsync("/health"));
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(Routes.OpenApi)).StatusCode);
    }

    [Fact]
    public async Task Root_is_let_in_on_the_socket_and_named()
    {
        await using var server = await TestServer.StartAsync();

        var operation = await server.ImportAsync("debian12");

        Assert.StartsWith($"uid:{Environment.GetEnvironmentVariable("UID") ?? "0"} (", operation.Actor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_local_user_is_refused_by_name_even_when_the_socket_is_open_to_all()
    {
        if (Environment.UserName != "root")
            Assert.Skip("becoming another user needs root");
        await using var server = await TestServer.StartAsync();
        File.SetUnixFileMode(server.Options.Socket, (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(Path.GetDirectoryName(server.Options.Socket)!, (UnixFileMode)0b111_101_101);

        var answer = await RunAsync("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            "curl", "-s", "-w", "%{http_code}", "--unix-socket", server.Options.Socket, "http://ramet" + Routes.Vms);

        Assert.EndsWith("403", answer, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"permissionDenied\"", answer, StringComparison.Ordinal);
        Assert.Contains("uid:65534 (nobody)", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_of_the_group_is_let_in()
    {
        if (Environment.UserName != "root")
            Assert.Skip("becoming another user needs root");
        await using var server = await TestServer.StartAsync(change: o => o with { Group = "daemon" });
        File.SetUnixFileMode(Path.GetDirectoryName(server.Options.Socket)!, (UnixFileMode)0b111_101_101);

        var answer = await RunAsync("setpriv", "--reuid=65534", "--regid=1", "--clear-groups",
            "curl", "-s", "-w", "%{http_code}", "--unix-socket", server.Options.Socket, "http://ramet" + Routes.Vms);

        Assert.Equal("[]200", answer);
    }

    [Fact]
    public void Members_are_known_by_the_user_database()
    {
        // Debian's base: user "games" has the primary group "games".
        Assert.True(new LocalUsers("games").Identify(5, 65534).IsAdministrator);
        Assert.False(new LocalUsers("daemon").Identify(5, 65534).IsAdministrator);
        Assert.False(new LocalUsers("no-such-group").Identify(5, 5).IsAdministrator);
        Assert.Equal("uid:5 (games)", new LocalUsers("x").Identify(5, 5).Actor);
        Assert.Equal("uid:4000000000", new LocalUsers("x").Identify(4000000000, 5).Actor);
    }

    [Fact]
    public async Task A_token_lets_in_until_it_is_revoked()
    {
        await using var server = await TestServer.StartAsync();
        using var created = await server.Local.PostAsync(Routes.Tokens, Answers.Json("""{ "name": "ci" }"""));
        Assert.Equal((HttpStatusCode.Created, "/api/v1/tokens/ci"), (created.StatusCode, created.Headers.Location!.ToString()));
        var token = await created.ReadAsync<CreatedToken>();
        Assert.StartsWith("rmt_", token.Secret, StringComparison.Ordinal);
        using var client = server.OverTls(token.Secret);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Routes.Version)).StatusCode);
        var listed = Assert.Single(await server.GetAsync<IReadOnlyList<Token>>(Routes.Tokens));
        Assert.NotNull(listed.LastUsedAt);
        await using (var session = server.OpenCatalog())
        {
            // What the catalog keeps is of no use to who reads it.
            var kept = Assert.Single(await session.ListAsync(session.Tokens, default));
            Assert.DoesNotContain(token.Secret[4..], kept.Hash, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(64, kept.Hash.Length);
        }

        using var revoked = await client.DeleteAsync("/api/v1/tokens/ci");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        var problem = await client.GetAsync(Routes.Version).MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains("revoked", problem.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_expires_and_its_last_use_is_coarse()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var server = await TestServer.StartAsync(time: time);
        using var client = server.OverTls(await server.CreateTokenAsync("short", 1));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Routes.Version)).StatusCode);
        var first = (await server.GetAsync<IReadOnlyList<Token>>(Routes.Tokens))[0].LastUsedAt;

        time.Advance(ApiTokens.LastUsedGrain - TimeSpan.FromSeconds(1));
        await client.GetAsync(Routes.Version);
        Assert.Equal(first, (await server.GetAsync<IReadOnlyList<Token>>(Routes.Tokens))[0].LastUsedAt);

        time.Advance(TimeSpan.FromSeconds(1));
        await client.GetAsync(Routes.Version);
        Assert.Equal(first + ApiTokens.LastUsedGrain, (await server.GetAsync<IReadOnlyList<Token>>(Routes.Tokens))[0].LastUsedAt);

        time.Advance(TimeSpan.FromDays(1));
        await client.GetAsync(Routes.Version).MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("""{ "name": "ci" }""", HttpStatusCode.Conflict, "alreadyExists")]
    [InlineData("""{ "name": "has blanks" }""", HttpStatusCode.BadRequest, "invalidArgument")]
    [InlineData("""{ "name": "x", "expiresInDays": 0 }""", HttpStatusCode.BadRequest, "invalidArgument")]
    public async Task A_token_that_makes_no_sense_is_refused(string request, HttpStatusCode status, string kind)
    {
        await using var server = await TestServer.StartAsync();
        await server.CreateTokenAsync("ci");

        await server.Local.PostAsync(Routes.Tokens, Answers.Json(request)).MustRefuseAsync(status, kind);
    }

    [Fact]
    public async Task Wrong_tokens_are_throttled_and_right_ones_are_not()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var server = await TestServer.StartAsync(time: time);
        using var right = server.OverTls(await server.CreateTokenAsync("ci"));
        using var wrong = server.OverTls("rmt_" + new string('A', 43));
        for (var i = 0; i < FailureThrottle.Allowed; i++)
            await wrong.GetAsync(Routes.Version).MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");

        using (var refused = await wrong.GetAsync(Routes.Version))
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(1)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta!.Value));
        Assert.Equal(HttpStatusCode.OK, (await right.GetAsync(Routes.Version)).StatusCode);

        time.Advance(FailureThrottle.Period);
        await wrong.GetAsync(Routes.Version).MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("Basic cm9vdDpyb290")]
    [InlineData("Bearer")]
    [InlineData("Bearer rmt_short")]
    public async Task Other_credentials_let_nobody_in(string header)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.OverTls();
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(header);

        using var answer = await client.GetAsync(Routes.Version);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task A_stolen_peer_scheme_does_not_work_over_tls()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.OverTls();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "127.0.0.1");
        client.DefaultRequestHeaders.Add("X-Remote-User", "root");

        await client.GetAsync(Routes.Vms).MustRefuseAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public void The_throttle_remembers_a_bounded_number_of_addresses()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var throttle = new FailureThrottle(time);
        for (var i = 0; i < FailureThrottle.Allowed; i++)
            Assert.True(throttle.Note(IPAddress.Loopback));
        Assert.False(throttle.Note(IPAddress.Loopback));

        for (uint i = 0; i < 5000; i++)
        {
            time.Advance(TimeSpan.FromTicks(1));
            throttle.Note(new IPAddress(0x0A000000 + i));
        }

        Assert.True(throttle.Note(IPAddress.Loopback));
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
