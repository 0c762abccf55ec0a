using System.Net;
using System.Net.Sockets;
using System.Text;
using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Server.Errors;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class ErrorTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    /// <summary>Public: clients match on these. A kind may be added; a word or a status never changes.</summary>
    [Fact]
    public void Every_kind_has_its_status_and_its_word() => Assert.Equal(
        """
        internal 500, invalidArgument 400, notFound 404, alreadyExists 409, hasDependents 409, busy 409, invalidState 409, invalidImage 422,
        checksumMismatch 422, layerChanged 409, noSpace 507, hostUnavailable 503, hypervisorFailure 502, guestAgentUnavailable 504,
        unauthenticated 401, permissionDenied 403, cancelled 409, timeout 504, downloadFailed 502, inputOutput 500, interrupted 503,
        unsupported 501
        """.ReplaceLineEndings(" "),
        string.Join(", ", Enum.GetValues<ErrorKind>().Select(k => $"{ErrorTable.WordOf(k)} {ErrorTable.StatusOf(k)}")));

    [Fact]
    public async Task An_unknown_address_is_not_found()
    {
        var problem = await _server.Local.GetAsync("/api/v1/nothing").MustRefuseAsync(HttpStatusCode.NotFound, "notFound");

        Assert.Equal("/api/v1/nothing", problem.Object);
    }

    [Fact]
    public Task A_method_that_an_address_does_not_take_is_named() =>
        _server.Local.DeleteAsync(Routes.Version).MustRefuseAsync(HttpStatusCode.MethodNotAllowed, "methodNotAllowed");

    [Fact]
    public async Task An_object_that_there_is_not_is_named()
    {
        var problem = await _server.Local.GetAsync("/api/v1/vms/ghost").MustRefuseAsync(HttpStatusCode.NotFound, "notFound");

        Assert.Equal(("ghost", "there is no VM 'ghost'"), (problem.Object, problem.Title));
        Assert.Contains("there is no VM 'ghost'", await (await _server.Local.GetAsync("/api/v1/vms/ghost")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(problem.Remedy);
    }

    [Theory]
    [InlineData("{ \"source\": \"/x.qcow2\" }", "\"name\"")]
    [InlineData("{ \"source\": \"/x.qcow2\", \"name\": null }", "\"name\" cannot be null")]
    [InlineData("{ \"source\": \"/x.qcow2\", \"name\": \"a\", \"cpus\": \"two\" }", "$.cpus is of the wrong type")]
    [InlineData("{ \"source\": \"/x.qcow2\", \"name\": \"a\", \"cpus\": \"2\" }", "$.cpus is of the wrong type")]
    [InlineData("{ \"source\": \"/x.qcow2\", \"name\": \"a\", \"sha265\": \"00\" }", "'sha265' is not a field")]
    [InlineData("{ \"source\": ", "JSON")]
    [InlineData("", "no JSON document")]
    [InlineData("[]", "wrong type")]
    [InlineData("null", "no JSON document")]
    public async Task A_document_that_makes_no_sense_is_explained(string json, string explanation)
    {
        var problem = await _server.Local.PostAsync(Routes.Import, Answers.Json(json)).MustRefuseAsync(HttpStatusCode.BadRequest, "invalidArgument");

        Assert.Contains(explanation, problem.Title, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.Title, StringComparison.Ordinal);
        Assert.DoesNotContain("Ramet.", problem.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/operations?limit=many")]
    [InlineData("/api/v1/operations?limit=0")]
    [InlineData("/api/v1/operations?state=odd")]
    [InlineData("/api/v1/operations/7")]
    [InlineData("/api/v1/doctor?verify=perhaps")]
    public async Task A_parameter_that_makes_no_sense_is_explained(string address)
    {
        var problem = await _server.Local.GetAsync(address).MustRefuseAsync(HttpStatusCode.BadRequest, "invalidArgument");

        Assert.DoesNotContain("System.", problem.Title, StringComparison.Ordinal);
        Assert.DoesNotContain("Nullable", problem.Title, StringComparison.Ordinal);
    }

    [Fact]
    public Task Content_that_is_not_json_is_refused() =>
        _server.Local.PostAsync(Routes.Import, new StringContent("source=x", Encoding.UTF8, "application/x-www-form-urlencoded"))
            .MustRefuseAsync(HttpStatusCode.UnsupportedMediaType, "unsupportedMediaType");

    [Fact]
    public Task A_request_of_over_a_mebibyte_is_refused() =>
        _server.Local.PostAsync(Routes.Import, Answers.Json($"{{ \"source\": \"{new string('x', 1 << 20)}\", \"name\": \"a\" }}"))
            .MustRefuseAsync(HttpStatusCode.RequestEntityTooLarge, "payloadTooLarge");

    [Fact]
    public async Task A_request_of_unknown_length_is_cut_off_at_a_mebibyte()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_server.Options.Socket));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Routes.Import} HTTP/1.1\r\nHost: ramet\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"));
        // One chunk of a text that does not end, and of which no end is announced.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{(1 << 20) + 1:x}\r\n{{\"source\":\""));
        await stream.WriteAsync(Enumerable.Repeat((byte)'x', (1 << 20) - 10).ToArray());

        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_defect_is_answered_without_its_insides()
    {
        await _server.ImportAsync("broken");
        _server.Hypervisor.Before = (call, _) => call.Method == "GetAddressesAsync" ? throw new InvalidOperationException("secret") : Task.CompletedTask;

        var problem = await _server.Local.GetAsync("/api/v1/vms/broken/addresses").MustRefuseAsync(HttpStatusCode.InternalServerError, "internal");

        Assert.DoesNotContain("secret", problem.Title + problem.Remedy, StringComparison.Ordinal);
        Assert.Contains(problem.Object!, problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_domain_keeps_everything_it_says()
    {
        await _server.ImportAsync("debian12");
        await _server.SucceedAsync(Routes.Clone, new CloneRequest("debian12", "seat-{01..03}"));

        var problem = await _server.Local.PostAsync(Routes.Delete, Answers.Json("""{ "names": ["debian12"] }"""))
            .MustRefuseAsync(HttpStatusCode.Conflict, "hasDependents");

        Assert.Equal(3, problem.Details.Count);
        Assert.StartsWith("seat-01", problem.Details[0], StringComparison.Ordinal);
        Assert.Contains("--promote-clones", problem.Remedy, StringComparison.Ordinal);
    }
}
