using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Ramet.Client.Transport;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Client.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task A_selection_becomes_a_query_and_the_answer_a_list()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Vms, [Documents.Vm("seat-01")], RametJson.Default.IReadOnlyListVirtualMachine);
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        var vms = await client.ListVmsAsync(new VmSelection(["seat-*", "a&b"], "debian12@v1"));

        Assert.Equal("seat-01", Assert.Single(vms).Name);
        Assert.Equal("/api/v1/vms?name=seat-%2A&name=a%26b&allClonesOf=debian12%40v1", server.Last("GET").Target);
    }

    [Fact]
    public async Task A_name_cannot_become_another_address()
    {
        await using var server = await ScriptedServer.StartAsync();
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        var refused = await Assert.ThrowsAsync<RametApiException>(() => client.GetVmAsync(".."));
        Assert.Equal("invalidArgument", refused.Kind);
        Assert.Empty(server.Requests);

        await Assert.ThrowsAsync<RametApiException>(() => client.GetVmAsync("../tokens?x#y"));
        Assert.Equal("/api/v1/vms/..%2Ftokens%3Fx%23y", server.Last("GET").Target);
    }

    [Fact]
    public async Task A_problem_document_arrives_whole()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Refuse("POST", Routes.Delete, Documents.Problem("hasDependents", 409, "debian12 has 2 clones", "debian12", "promote them", "seat-01", "seat-02"));
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        var refused = await Assert.ThrowsAsync<RametApiException>(() => client.DeleteAsync(new DeleteRequest(["debian12"])));

        Assert.Equal("hasDependents", refused.Kind);
        Assert.Equal(["seat-01", "seat-02"], refused.Problem.Details);
        Assert.Contains("\"names\":[\"debian12\"]", server.Last("POST").Body);
    }

    [Theory]
    [InlineData(200, "<html>", RametApiException.UnexpectedAnswer)]
    [InlineData(404, "nginx", RametApiException.UnexpectedAnswer)]
    [InlineData(503, "busy", RametApiException.ServerUnreachable)]
    [InlineData(401, "", "unauthenticated")]
    [InlineData(302, "", RametApiException.UnexpectedAnswer)]
    public async Task What_is_no_answer_of_ours_is_said(int status, string body, string kind)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET", Routes.Version, context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        var failed = await Assert.ThrowsAsync<RametApiException>(() => client.GetVersionAsync());

        Assert.Equal(kind, failed.Kind);
        Assert.NotNull(failed.Problem.Remedy);
    }

    [Fact]
    public async Task A_missing_socket_asks_whether_the_server_runs()
    {
        using var client = new RametClient(new RametEndpoint { Socket = "/nonexistent/ramet.sock" });

        var failed = await Assert.ThrowsAsync<RametApiException>(() => client.GetVersionAsync());

        Assert.Equal(RametApiException.ServerUnreachable, failed.Kind);
        Assert.Contains("there is no such socket", failed.Message);
        Assert.Contains("is ramet-server running?", failed.Problem.Remedy);
    }

    [Fact]
    public void A_socket_that_one_may_not_open_names_the_group()
    {
        var endpoint = new RametEndpoint();
        var denied = new HttpRequestException("x", new SocketException((int)SocketError.AccessDenied));

        var problem = ConnectionProblem.From(denied, endpoint, new ServerTrust(endpoint));

        Assert.Equal("permissionDenied", problem.Kind);
        Assert.Contains("group ramet", problem.Problem.Remedy);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_an_unreachable_server()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET", Routes.Version, async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var client = new RametClient(new RametEndpoint { Socket = server.Socket });

        var failed = await Assert.ThrowsAsync<RametApiException>(() => client.GetVersionAsync());

        Assert.Equal(RametApiException.ServerUnreachable, failed.Kind);
    }

    [Fact]
    public void A_token_is_never_sent_in_clear_to_another_machine() =>
        Assert.Throws<RametApiException>(() => new RametClient(new RametEndpoint { Server = new Uri("http://192.0.2.1/"), Token = "t" }));
}
