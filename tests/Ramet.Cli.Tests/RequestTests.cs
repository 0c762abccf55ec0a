using System.Text.Json;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Cli.Tests;

/// <summary>What the commands ask of the server.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("start", Routes.Start, "'seat-*' b --all-clones-of debian12@v1", """{"names":["seat-*","b"],"allClonesOf":"debian12@v1"}""")]
    [InlineData("promote", Routes.Promote, "--all-clones-of debian12", """{"names":null,"allClonesOf":"debian12"}""")]
    [InlineData("stop", Routes.Stop, "a --grace 5 --force", """{"graceSeconds":5,"force":true,"names":["a"],"allClonesOf":null}""")]
    [InlineData("restart", Routes.Restart, "a", """{"graceSeconds":null,"force":false,"names":["a"],"allClonesOf":null}""")]
    [InlineData("refresh", Routes.Refresh, "a -f", """{"graceSeconds":null,"force":true,"names":["a"],"allClonesOf":null}""")]
    [InlineData("delete", Routes.Delete, "a --with-clones --force", """{"promoteClones":false,"withClones":true,"force":true,"names":["a"],"allClonesOf":null}""")]
    [InlineData("delete", Routes.Delete, "a --promote-clones", """{"promoteClones":true,"withClones":false,"force":false,"names":["a"],"allClonesOf":null}""")]
    public async Task Selections_and_flags(string command, string route, string arguments, string body)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Answer("POST", route, ScriptedOperation.Ended(ScriptedOperation.Running()), RametJson.Default.Operation, 202);

        var run = await Cli.RunAsync(server, [command, .. arguments.Split(' ').Select(a => a.Trim('\''))]);

        Assert.Equal(0, run.Code);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(body).RootElement, JsonDocument.Parse(server.Last("POST").Body).RootElement), server.Last("POST").Body);
    }

    [Fact]
    public async Task Clone_sends_what_its_options_say_and_reads_files_here()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Answer("POST", Routes.Clone, ScriptedOperation.Ended(ScriptedOperation.Running()), RametJson.Default.Operation, 202);
        var userData = Path.Combine(server.Folder, "user-data");
        var key = Path.Combine(server.Folder, "key.pub");
        await File.WriteAllTextAsync(userData, "#cloud-config\n");
        await File.WriteAllTextAsync(key, "ssh-ed25519 AAAA me\n");

        var run = await Cli.RunAsync(server, "clone", "debian12@v1", "--name", "seat-{01..10}", "--start", "--cpu", "4", "--memory", "2G", "--full",
            "--datastore", "fast", "--network", "lab", "--user-data", userData, "--ssh-key", key, "--ssh-key", key, "--description", "d");

        Assert.Equal(0, run.Code);
        Assert.Equal(
            new CloneRequest("debian12@v1", "seat-{01..10}", true, 4, 2048, true, "fast", "lab", "#cloud-config\n", "ssh-ed25519 AAAA me\nssh-ed25519 AAAA me", "d"),
            JsonSerializer.Deserialize(server.Last("POST").Body, RametJson.Default.CloneRequest));
    }

    [Theory]
    [InlineData("disk.qcow2", "/work-here/disk.qcow2")]
    [InlineData("../disk.raw", "/disk.raw")]
    [InlineData("/srv/a.raw", "/srv/a.raw")]
    [InlineData("https://example.org/a.qcow2", "https://example.org/a.qcow2")]
    public async Task Import_makes_a_file_absolute_and_leaves_an_address_alone(string given, string sent)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Answer("POST", Routes.Import, ScriptedOperation.Ended(ScriptedOperation.Running()), RametJson.Default.Operation, 202);

        await Cli.RunAsync(server, "import", given, "--name", "d", "--format", "raw", "--sha256", "ab", "--memory", "512M");

        var request = JsonSerializer.Deserialize(server.Last("POST").Body, RametJson.Default.ImportRequest)!;
        Assert.Equal((sent, "d", "raw", "ab", 512), (request.Source, request.Name, request.Format, request.Sha256, request.MemoryMiB!.Value));
    }

    [Fact]
    public async Task The_others()
    {
        await using var server = await ScriptedServer.StartAsync();
        var done = ScriptedOperation.Ended(ScriptedOperation.Running());
        server.Answer("POST", Routes.Adopt, done, RametJson.Default.Operation, 202);
        server.Answer("POST", "/api/v1/vms/debian12/snapshots", done, RametJson.Default.Operation, 202);
        server.Answer("POST", Routes.Datastores, new Datastore(Guid.Empty, "fast", "/srv/x", "nvme", 1, 1, 0, 0), RametJson.Default.Datastore, 201);
        server.Answer("POST", Routes.Tokens, new CreatedToken("ci", "ramet_secret", null), RametJson.Default.CreatedToken, 201);
        server.On("DELETE", "/api/v1/tokens/ci", context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });

        Assert.Equal(0, (await Cli.RunAsync(server, "adopt", "old", "--cloud-init", "no")).Code);
        Assert.Equal("""{"domain":"old","cloudInit":"no"}""", server.Last("POST").Body);
        Assert.Equal(0, (await Cli.RunAsync(server, "snapshot", "create", "debian12", "v1", "--description", "x")).Code);
        Assert.Equal("""{"name":"v1","description":"x"}""", server.Last("POST").Body);
        Assert.Equal(0, (await Cli.RunAsync(server, "datastore", "add", "fast", "x", "--tier", "nvme")).Code);
        Assert.Equal("""{"name":"fast","path":"/work-here/x","tier":"nvme"}""", server.Last("POST").Body);
        Assert.Equal("ramet_secret\n", (await Cli.RunAsync(server, "token", "create", "ci", "--expires-in", "9")).Out);
        Assert.Equal("""{"name":"ci","expiresInDays":9}""", server.Last("POST").Body);
        Assert.Equal(0, (await Cli.RunAsync(server, "token", "revoke", "ci")).Code);
    }

    [Theory]
    [InlineData("Which VMs?", "delete")]
    [InlineData("Which VMs?", "start", "--json")]
    [InlineData("not both", "delete", "a", "--with-clones", "--promote-clones")]
    [InlineData("not a size of memory", "clone", "a", "--name", "b", "--memory", "lots")]
    [InlineData("at least 1", "clone", "a", "--name", "b", "--cpu", "0")]
    [InlineData("--cpu: \"x\" is not a whole number", "clone", "a", "--name", "b", "--cpu", "x")]
    [InlineData("not be negative", "stop", "a", "--grace", "-1")]
    [InlineData("--name", "clone", "a")]
    [InlineData("vmdk", "import", "a", "--name", "b", "--format", "vmdk")]
    [InlineData("not an operation's id", "operation", "wait", "x")]
    [InlineData("nonsense", "nonsense")]
    public async Task A_command_line_that_makes_no_sense_is_refused_before_anything_is_asked(string says, params string[] arguments)
    {
        await using var server = await ScriptedServer.StartAsync();
        var run = await Cli.RunAsync(server, arguments);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(says, run.Error.Replace("\\\"", "\""));
        Assert.Contains("--help", run.Error);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_private_key_stays_where_it_is()
    {
        await using var server = await ScriptedServer.StartAsync();
        var key = Path.Combine(server.Folder, "id_ed25519");
        await File.WriteAllTextAsync(key, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
        var run = await Cli.RunAsync(server, "clone", "a", "--name", "b", "--ssh-key", key);
        Assert.Equal(2, run.Code);
        Assert.Contains("id_ed25519.pub", run.Error);
        Assert.Empty(server.Requests);
        Assert.Equal(20, (await Cli.RunAsync(server, "clone", "a", "--name", "b", "--user-data", "/nonexistent")).Code);
    }

    [Fact]
    public async Task The_server_is_found_by_option_before_environment()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Vms, [], RametJson.Default.IReadOnlyListVirtualMachine);
        using var byOption = new Cli(null);
        Assert.Equal(0, (await byOption.With("RAMET_SERVER", "https://192.0.2.1").RunAsync("list", "--socket", server.Socket)).Code);
        Assert.Equal(30, (await Cli.RunAsync(null, "list")).Code);
        using var badToken = new Cli(server);
        Assert.Equal(20, (await badToken.With("RAMET_SERVER", "https://127.0.0.1:1").RunAsync("list", "--token-file", "/nonexistent")).Code);
    }
}
