using System.Net;
using Ramet.Contracts;
using Ramet.Core.Hosts;
using Ramet.Server.Tests.Harness;
using DomainDisk = Ramet.Core.Hosts.DomainDisk;

namespace Ramet.Server.Tests;

public sealed class VmApiTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.ImportAsync("debian12");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_class_is_made_listed_and_shown()
    {
        await _server.SucceedAsync("/api/v1/vms/debian12/snapshots", new SnapshotRequest("v1", "first"));
        var operation = await _server.SucceedAsync(Routes.Clone, new CloneRequest("debian12@v1", "seat-{01..03}", Start: true, Cpus: 2));
        Assert.Equal(["seat-01", "seat-02", "seat-03"], operation.Result);
        Assert.All(operation.Steps, s => Assert.Equal("done", s.State));

        var vms = await _server.GetAsync<IReadOnlyList<VirtualMachine>>(Routes.Vms);
        Assert.Equal(["debian12", "seat-01", "seat-02", "seat-03"], vms.Select(v => v.Name));
        var seat = vms[1];
        Assert.Equal(("running", "debian12@v1", 2, 2), (seat.State, seat.Origin, seat.Depth, seat.Cpus));
        Assert.Empty(seat.Disks[0].Chain);
        Assert.Equal(("stopped", null, 1, 3), (vms[0].State, vms[0].Origin, vms[0].Snapshots, vms[0].Clones));

        var shown = await _server.GetAsync<VirtualMachine>("/api/v1/vms/seat-01");
        Assert.Equal(["active", "sealed"], shown.Disks[0].Chain.Select(l => l.State));
        Assert.Equal([1, 4], shown.Disks[0].Chain.Select(l => l.Sharers));
        Assert.Equal("default", shown.Disks[0].Chain[0].Datastore);

        var snapshot = Assert.Single(await _server.GetAsync<IReadOnlyList<Snapshot>>("/api/v1/vms/debian12/snapshots"));
        Assert.Equal(("debian12@v1", "first", "ready", 3), (snapshot.FullName, snapshot.Description, snapshot.State, snapshot.Clones));
    }

    [Fact]
    public async Task Names_patterns_and_clones_choose()
    {
        await _server.SucceedAsync(Routes.Clone, new CloneRequest("debian12", "seat-{01..03}"));
        await _server.SucceedAsync(Routes.Clone, new CloneRequest("debian12", "demo"));

        Assert.Equal(["seat-01", "seat-02", "seat-03"], await NamesAsync("?name=seat-*"));
        Assert.Equal(["debian12", "seat-02"], await NamesAsync("?name=seat-02&name=debian12"));
        Assert.Equal(["demo", "seat-01", "seat-02", "seat-03"], await NamesAsync("?allClonesOf=debian12"));
        await _server.Local.GetAsync(Routes.Vms + "?name=x*").MustRefuseAsync(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task The_tree_shows_who_descends_from_whom_and_its_bytes_add_up()
    {
        await _server.SucceedAsync("/api/v1/vms/debian12/snapshots", new SnapshotRequest("v1"));
        await _server.SucceedAsync(Routes.Clone, new CloneRequest("debian12@v1", "seat-{1..2}"));
        await _server.SucceedAsync(Routes.Clone, new CloneRequest("seat-1", "pupil"));

        var root = Assert.Single(await _server.GetAsync<IReadOnlyList<TreeNode>>(Routes.Tree));

        Assert.Equal(("vm", "debian12", 2), (root.Type, root.Name, root.Depth));
        var v1 = Assert.Single(root.Children);
        Assert.Equal(("snapshot", "debian12@v1", null, 1), (v1.Type, v1.Name, v1.State, v1.Depth));
        Assert.Equal(["seat-1", "seat-2"], v1.Children.Select(c => c.Name));
        Assert.Equal("pupil", Assert.Single(Assert.Single(v1.Children[0].Children).Children).Name);
        var usage = await _server.GetAsync<Usage>(Routes.Usage);
        Assert.Equal(usage.ActualBytes, Sum(root));

        var below = Assert.Single(await _server.GetAsync<IReadOnlyList<TreeNode>>(Routes.Tree + "?vm=seat-1"));
        Assert.Equal("seat-1", below.Name);
        Assert.Equal(["seat-1"], (await _server.GetAsync<Usage>(Routes.Usage + "?name=seat-1")).Vms.Select(v => v.Name));
    }

    [Fact]
    public async Task The_verbs_do_what_they_say()
    {
        await _server.SucceedAsync(Routes.Clone, new CloneRequest("debian12", "seat-{1..2}"));
        await _server.SucceedAsync(Routes.Start, new VmSelection(AllClonesOf: "debian12"));
        Assert.Equal("running", await StateAsync("seat-1"));
        await _server.SucceedAsync(Routes.Restart, new StopRequest(["seat-1"], GraceSeconds: 5));
        Assert.Equal(2, _server.Hypervisor["seat-1"].Boots);
        await _server.SucceedAsync(Routes.Stop, new StopRequest(["seat-*"], Force: true));
        Assert.Equal("stopped", await StateAsync("seat-2"));
        await _server.SucceedAsync(Routes.Refresh, new StopRequest(["seat-1"]));
        await _server.SucceedAsync(Routes.Promote, new VmSelection(["seat-1"]));
        Assert.Null((await _server.GetAsync<VirtualMachine>("/api/v1/vms/seat-1")).Origin);

        using var preview = await _server.Local.PostAsync(Routes.DeletePreview, Answers.Json("""{ "names": ["debian12"] }"""));
        Assert.Equal(["seat-2"], (await preview.ReadAsync<DeletePreview>()).Dependents);
        await _server.SucceedAsync(Routes.Delete, new DeleteRequest(["debian12"], WithClones: true));
        Assert.Equal(["seat-1"], await NamesAsync(""));
        Assert.Equal(["seat-1"], _server.Hypervisor.Domains.Select(d => d.Name));
        var report = await _server.GetAsync<DoctorReport>(Routes.Doctor + "?verify=true");
        Assert.True(report.Healthy, string.Join("; ", report.Findings.Select(f => f.Message)));
        Assert.NotEmpty(report.Checks);
    }

    [Fact]
    public async Task A_vm_of_libvirts_is_adopted()
    {
        var image = Path.Combine(_server.Options.State, "old.raw");
        TestServer.WriteImage(image);
        _server.Hypervisor.AddForeign(_server.Hypervisor["debian12"].Definition with
        {
            Id = Guid.NewGuid(),
            Name = "old",
            Nics = [new DomainNic("52:54:00:00:00:01", "default")],
            Disks = [new DomainDisk("vda", [new DomainLayer(image, Core.Layers.ImageFormat.Raw)])],
        });

        await _server.SucceedAsync(Routes.Adopt, new AdoptRequest("old", "no"));

        var adopted = await _server.GetAsync<VirtualMachine>("/api/v1/vms/old");
        Assert.Equal((true, "no", image), (adopted.Adopted, adopted.CloudInit, adopted.Disks[0].Path));
    }

    [Fact]
    public async Task Addresses_come_from_the_guest()
    {
        await _server.SucceedAsync(Routes.Start, new VmSelection(["debian12"]));
        _server.Hypervisor["debian12"].Addresses = [new GuestAddress("enp1s0", "52:54:00:00:00:01", "192.0.2.7", 24, "agent")];

        var address = Assert.Single(await _server.GetAsync<IReadOnlyList<Address>>("/api/v1/vms/debian12/addresses"));

        Assert.Equal(new Address("enp1s0", "52:54:00:00:00:01", "192.0.2.7", 24, "agent"), address);
    }

    [Theory]
    [InlineData("firmware", "efi")]
    [InlineData("cloudInit", "perhaps")]
    public async Task A_word_that_there_is_not_is_answered_with_those_that_there_are(string field, string word)
    {
        var problem = await _server.Local.PostAsync(
            Routes.Import, Answers.Json($$"""{ "source": "/x.qcow2", "name": "x", "{{field}}": "{{word}}" }""")).MustRefuseAsync(HttpStatusCode.BadRequest, "invalidArgument");

        Assert.Equal(field, problem.Object);
        Assert.StartsWith("it is one of: ", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operations_are_listed_newest_first_without_steps()
    {
        await _server.SucceedAsync(Routes.Start, new VmSelection(["debian12"]));

        var all = await _server.GetAsync<IReadOnlyList<Operation>>(Routes.Operations);
        Assert.Equal(["start", "import"], all.Select(o => o.Kind));
        Assert.All(all, o => Assert.Empty(o.Steps));
        Assert.Single(await _server.GetAsync<IReadOnlyList<Operation>>(Routes.Operations + "?state=succeeded&limit=1"));
        Assert.Empty(await _server.GetAsync<IReadOnlyList<Operation>>(Routes.Operations + "?state=failed"));
    }

    [Fact]
    public async Task A_running_operation_can_be_watched_and_cancelled()
    {
        var reached = new TaskCompletionSource();
        _server.Hypervisor.Before = async (call, cancellationToken) =>
        {
            if (call.Method != nameof(IHypervisor.DefineAsync))
                return;
            reached.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        using var begun = await _server.Local.PostAsync(Routes.Clone, Answers.Json("""{ "source": "debian12", "name": "seat" }"""));
        var id = (await begun.ReadAsync<Operation>()).Id;
        await reached.Task;

        Assert.Equal("running", (await _server.GetAsync<Operation>($"/api/v1/operations/{id}?wait=0")).State);
        await _server.Local.PostAsync(Routes.Start, Answers.Json("""{ "names": ["seat"] }""")).MustRefuseAsync(HttpStatusCode.Conflict, "busy");
        using var cancelled = await _server.Local.PostAsync($"/api/v1/operations/{id}/cancel", null);
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        var ended = await _server.GetAsync<Operation>($"/api/v1/operations/{id}?wait=60");

        Assert.Equal(("cancelled", "cancelled", true), (ended.State, ended.Error?.Kind, ended.CancelRequested));
        await _server.Local.PostAsync($"/api/v1/operations/{id}/cancel", null).MustRefuseAsync(HttpStatusCode.Conflict, "invalidState");
        Assert.Equal(["debian12"], await NamesAsync(""));
    }

    private static long Sum(TreeNode node) => node.AllocatedBytes + node.Children.Sum(Sum);

    private async Task<IEnumerable<string>> NamesAsync(string query) =>
        (await _server.GetAsync<IReadOnlyList<VirtualMachine>>(Routes.Vms + query)).Select(v => v.Name);

    private async Task<string> StateAsync(string name) => (await _server.GetAsync<VirtualMachine>("/api/v1/vms/" + name)).State;
}
