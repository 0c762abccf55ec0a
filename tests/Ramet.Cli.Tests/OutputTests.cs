using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Cli.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task List_in_a_pipe()
    {
        await using var server = await ListingAsync();
        var run = await Cli.RunAsync(server, "list");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Check("list.txt", run.Out);
    }

    [Fact]
    public async Task List_on_a_terminal()
    {
        await using var server = await ListingAsync();
        using var cli = new Cli(server) { Terminal = true };
        Golden.Check("list-terminal.txt", (await cli.RunAsync("list")).Out.Replace("\e", "<ESC>"));
    }

    [Theory]
    [InlineData("NO_COLOR", "1", "list")]
    [InlineData("X", "1", "list", "--no-color")]
    public async Task No_colours_when_they_are_not_wanted(string variable, string value, params string[] arguments)
    {
        await using var server = await ListingAsync();
        using var cli = new Cli(server) { Terminal = true };
        Assert.DoesNotContain("\e", (await cli.With(variable, value).RunAsync(arguments)).Out);
    }

    [Fact]
    public async Task A_long_name_is_neither_wrapped_nor_cut_in_a_pipe()
    {
        await using var server = await ScriptedServer.StartAsync();
        var name = new string('x', 400);
        server.Get(Routes.Vms, [Documents.Vm(name)], RametJson.Default.IReadOnlyListVirtualMachine);
        server.Get(Routes.Tree, [new TreeNode("vm", name, "running", 1, 0, [])], RametJson.Default.IReadOnlyListTreeNode);
        Assert.Contains(name, (await Cli.RunAsync(server, "list")).Out.Split('\n')[1]);
        Assert.Contains(name, (await Cli.RunAsync(server, "tree")).Out.Split('\n')[0]);
    }

    [Fact]
    public async Task Json_is_the_document_and_nothing_else()
    {
        await using var server = await ListingAsync();
        var run = await Cli.RunAsync(server, "list", "--json");
        var vms = System.Text.Json.JsonSerializer.Deserialize(run.Out, RametJson.Default.IReadOnlyListVirtualMachine);
        Assert.Equal(["debian12", "seat-01", "seat-02"], vms!.Select(v => v.Name));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Quiet_prints_names_only()
    {
        await using var server = await ListingAsync();
        Assert.Equal("debian12\nseat-01\nseat-02\n", (await Cli.RunAsync(server, "list", "-q")).Out);
    }

    [Fact]
    public async Task Show_is_a_card()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get("/api/v1/vms/seat-01", Documents.VmWithChain("seat-01"), RametJson.Default.VirtualMachine);
        Golden.Check("show.txt", (await Cli.RunAsync(server, "show", "seat-01")).Out);
    }

    [Fact]
    public async Task Tree_draws_lineage()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Tree, Documents.Tree, RametJson.Default.IReadOnlyListTreeNode);
        Golden.Check("tree.txt", (await Cli.RunAsync(server, "tree")).Out);
        using var cli = new Cli(server) { Terminal = true };
        Golden.Check("tree-terminal.txt", (await cli.RunAsync("tree")).Out.Replace("\e", "<ESC>"));
    }

    [Fact]
    public async Task Usage_ends_with_totals()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Usage, new Usage(
            [
                new VmUsage("debian12", null, 10L << 30, 196608, 900L << 20, 901L << 20, 0),
                new VmUsage("seat-01", "debian12@v1", 10L << 30, 12288, 900L << 20, 900L << 20, 900L << 20),
            ], 900L << 20, 1801L << 20, 901L << 20), RametJson.Default.Usage);
        Golden.Check("usage.txt", (await Cli.RunAsync(server, "usage")).Out);
    }

    [Fact]
    public async Task Names_that_look_like_markup_or_escapes_are_only_text()
    {
        await using var server = await ScriptedServer.StartAsync();
        var name = "[red]x[/]\e]0;owned\a\nfake [bold";
        server.Get(Routes.Vms, [Documents.Vm(name, state: "[blink]")], RametJson.Default.IReadOnlyListVirtualMachine);
        server.Get(Routes.Tree, [new TreeNode("vm", name, "[x]", 1, 0, [new TreeNode("snapshot", "[/]", null, 1, 0, [])])], RametJson.Default.IReadOnlyListTreeNode);
        server.Get("/api/v1/vms/x", Documents.VmWithChain(name), RametJson.Default.VirtualMachine);
        server.Get(Routes.Doctor, new DoctorReport(false, [new Finding("error", "[c]", name, name, name)], [new Check(name, false, name)]), RametJson.Default.DoctorReport);
        server.Get("/api/v1/vms/x/addresses", [new Address(name, null, "192.0.2.1", 24, "agent")], RametJson.Default.IReadOnlyListAddress);
        server.Refuse("GET", "/api/v1/vms/bad", Documents.Problem("notFound", 404, name, name, name, name));

        foreach (var terminal in new[] { false, true })
        {
            foreach (var arguments in (string[][])[["list"], ["list", "-q"], ["tree"], ["show", "x"], ["doctor"], ["ip", "x", "--all"], ["show", "bad"]])
            {
                using var cli = new Cli(server) { Terminal = terminal };
                var run = await cli.With("NO_COLOR", "1").RunAsync(arguments);
                Assert.DoesNotContain('\e', run.Out + run.Error);
                Assert.DoesNotContain('\a', run.Out + run.Error);
                Assert.Contains("[red]x[/]", run.Out + run.Error);
                Assert.DoesNotContain("\nfake", run.Out + run.Error);
            }
        }
    }

    [Fact]
    public async Task Ip_prints_what_one_can_connect_to()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get("/api/v1/vms/seat-01/addresses",
        [
            new Address("lo", null, "127.0.0.1", 8, "agent"), new Address("ens3", "52:54:00:00:00:01", "192.168.122.7", 24, "agent"),
            new Address("ens3", "52:54:00:00:00:01", "fe80::1", 64, "agent"), new Address("ens3", "52:54:00:00:00:01", "2001:db8::7", 64, "agent"),
        ], RametJson.Default.IReadOnlyListAddress);
        Assert.Equal("192.168.122.7\n2001:db8::7\n", (await Cli.RunAsync(server, "ip", "seat-01")).Out);
        Assert.Contains("fe80::1/64", (await Cli.RunAsync(server, "ip", "seat-01", "--all")).Out);
    }

    [Fact]
    public async Task Ip_waits_for_an_address()
    {
        await using var server = await ScriptedServer.StartAsync();
        var asked = 0;
        server.On("GET", "/api/v1/vms/seat-01/addresses", context => ScriptedServer.WriteAsync<IReadOnlyList<Address>>(context,
            ++asked < 2 ? [] : [new Address("ens3", null, "192.168.122.7", 24, "lease")], RametJson.Default.IReadOnlyListAddress));
        Assert.Equal("192.168.122.7\n", (await Cli.RunAsync(server, "ip", "seat-01", "--wait", "10")).Out);

        server.Get("/api/v1/vms/seat-02/addresses", [], RametJson.Default.IReadOnlyListAddress);
        Assert.Equal(3, (await Cli.RunAsync(server, "ip", "seat-02")).Code);
        Assert.Equal(18, (await Cli.RunAsync(server, "ip", "seat-02", "--wait", "1")).Code);
    }

    [Fact]
    public async Task Doctor_says_what_to_do_and_fails_when_something_is_wrong()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Doctor, new DoctorReport(true, [], [new Check("libvirt", true, "9.0.0")]), RametJson.Default.DoctorReport);
        server.Get(Routes.Doctor + "?verify=true", new DoctorReport(false,
            [new Finding("error", "layer-changed", "/d/base.qcow2", "its digest is not what it was", "restore it from a backup")],
            [new Check("libvirt", true, "9.0.0")]), RametJson.Default.DoctorReport);

        Assert.Equal(0, (await Cli.RunAsync(server, "doctor")).Code);
        var bad = await Cli.RunAsync(server, "doctor", "--verify");
        Assert.Equal(1, bad.Code);
        Golden.Check("doctor.txt", bad.Out.Replace(server.Socket, "SOCKET"));

        var down = await Cli.RunAsync(null, "doctor");
        Assert.Equal(1, down.Code);
        Assert.Contains("remedy: is ramet-server running?", down.Out);
        var json = await Cli.RunAsync(null, "doctor", "--json");
        Assert.Equal("server-unreachable", System.Text.Json.JsonSerializer.Deserialize(json.Out, RametJson.Default.DoctorReport)!.Findings[0].Code);
    }

    [Fact]
    public async Task Version_shows_both_sides_and_does_without_the_server()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Version, new VersionInfo("9.9.9", ".NET 10", "9.0.0", "7.2.0", "v1"), RametJson.Default.VersionInfo);
        Assert.Contains("9.9.9", (await Cli.RunAsync(server, "version")).Out);
        var alone = await Cli.RunAsync(null, "version");
        Assert.Equal(0, alone.Code);
        Assert.Contains("no server at", alone.Out);
    }

    [Fact]
    public async Task Inventory_lists()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Hosts,
            [new Host(Guid.Empty, "local", "qemu:///system", true, null, "qemu", "KVM does not run guests here", "9.0.0", "7.2.0", 2, 8L << 30, [new Network("default", true, true, "virbr0")], 3)],
            RametJson.Default.IReadOnlyListHost);
        server.Get(Routes.Datastores, [new Datastore(Guid.Empty, "default", "/d", null, 100L << 30, 50L << 30, 1L << 30, 4)], RametJson.Default.IReadOnlyListDatastore);
        server.Get(Routes.Tokens, [new Token("ci", Documents.At, Documents.At, null)], RametJson.Default.IReadOnlyListToken);
        server.Get("/api/v1/vms/debian12/snapshots",
            [new Snapshot(Guid.Empty, "v1", "debian12@v1", "debian12", "first", null, "ready", true, true, 10, Documents.At, [])], RametJson.Default.IReadOnlyListSnapshot);
        server.Get(Routes.Operations + "?limit=50", [ScriptedOperation.Running() with { Progress = 0.29 }], RametJson.Default.IReadOnlyListOperation);
        server.Get($"/api/v1/operations/{ScriptedOperation.Running().Id}", ScriptedOperation.Ended(ScriptedOperation.Running(), "failed") with
        {
            Error = Documents.Problem("noSpace", 507, "the datastore is full", "default", "make room"),
            Steps = [new OperationStep(0, "Create 10 overlays", "undone", 1, null), new OperationStep(1, "Define", "failed", 0, "no space")],
        }, RametJson.Default.Operation);

        var all = new List<string>();
        foreach (var arguments in (string[][])[["host", "list"], ["datastore", "list"], ["token", "list"], ["snapshot", "list", "debian12"], ["operation", "list"], ["operation", "show", ScriptedOperation.Running().Id.ToString()]])
        {
            var run = await Cli.RunAsync(server, arguments);
            Assert.Equal(0, run.Code);
            all.Add($"$ ramet {string.Join(' ', arguments)}\n{run.Out}{run.Error}");
        }

        Golden.Check("inventory.txt", string.Join('\n', all));
    }

    private static async Task<ScriptedServer> ListingAsync()
    {
        var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Vms,
            [Documents.Vm("debian12", "stopped", null, 2) with { Clones = 2 }, Documents.Vm("seat-01"), Documents.Vm("seat-02", "crashed")],
            RametJson.Default.IReadOnlyListVirtualMachine);
        return server;
    }
}
