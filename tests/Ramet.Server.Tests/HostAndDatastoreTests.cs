using System.Net;
using Ramet.Contracts;
using Ramet.Server.Tests.Harness;
using Ramet.Testing.Hosts;

namespace Ramet.Server.Tests;

public sealed class HostAndDatastoreTests
{
    [Fact]
    public async Task A_server_whose_libvirt_is_down_starts_says_so_and_connects_when_it_is_back()
    {
        var hypervisor = new FakeHypervisor();
        hypervisor.Disconnect("No such file or directory");
        await using var server = await TestServer.StartAsync(hypervisor: hypervisor);

        var host = Assert.Single(await server.GetAsync<IReadOnlyList<Host>>(Routes.Hosts));
        Assert.Equal((false, "No such file or directory", "unknown"), (host.Connected, host.Error, host.Virtualization));
        Assert.Empty(host.Networks);
        var report = await server.GetAsync<DoctorReport>(Routes.Doctor);
        Assert.False(report.Healthy);
        Assert.Contains(report.Findings, f => f is { Severity: "error", Code: "host-down" });
        await server.Local.PostAsync(Routes.Adopt, Answers.Json("""{ "domain": "x" }""")).MustRefuseAsync(HttpStatusCode.ServiceUnavailable, "hostUnavailable");

        await using var events = await EventReader.OpenAsync(server.Local, "?kind=host");
        hypervisor.Reconnect();
        Assert.Equal("host.connected", (await events.NextAsync())!.Kind);
        host = Assert.Single(await server.GetAsync<IReadOnlyList<Host>>(Routes.Hosts));
        Assert.Equal((true, null, "qemu", "9.0.0"), (host.Connected, host.Error, host.Virtualization, host.LibvirtVersion));
        Assert.Equal("default", Assert.Single(host.Networks).Name);
        Assert.Equal("9.0.0", (await server.GetAsync<VersionInfo>(Routes.Version)).LibvirtVersion);
    }

    [Fact]
    public async Task What_a_crash_left_is_brought_to_its_end_before_anybody_is_served_its_vms()
    {
        var folder = TestServer.NewFolder();
        var hypervisor = new FakeHypervisor();
        await using (var server = await TestServer.StartAsync(folder, hypervisor))
        {
            await server.ImportAsync("debian12");
            var reached = new TaskCompletionSource();
            hypervisor.Before = async (call, cancellationToken) =>
            {
                if (call is not { Method: "DefineAsync", Domain: "seat-2" })
                    return;
                reached.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            };
            using var begun = await server.Local.PostAsync(Routes.Clone, Answers.Json("""{ "source": "debian12", "name": "seat-{1..3}" }"""));
            await reached.Task;
        }

        hypervisor.Before = null;
        await using var again = await TestServer.StartAsync(folder, hypervisor);
        var left = (await again.GetAsync<IReadOnlyList<Operation>>(Routes.Operations + "?limit=1"))[0];
        left = await again.GetAsync<Operation>($"/api/v1/operations/{left.Id}?wait=60");

        Assert.Equal(("failed", "interrupted"), (left.State, left.Error?.Kind));
        Assert.Equal(["debian12"], (await again.GetAsync<IReadOnlyList<VirtualMachine>>(Routes.Vms)).Select(v => v.Name));
        Assert.Equal(["debian12"], hypervisor.Domains.Select(d => d.Name));
        await again.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_datastore_is_added_once_and_apart_from_the_others()
    {
        await using var server = await TestServer.StartAsync();
        var folder = Path.Combine(server.Options.State, "..", "fast");
        using (var answer = await server.Local.PostAsync(Routes.Datastores, Answers.Json($$"""{ "name": "fast", "path": "{{folder}}", "tier": "nvme" }""")))
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            var added = await answer.ReadAsync<Datastore>();
            Assert.Equal(("fast", Path.GetFullPath(folder), "nvme", true), (added.Name, added.Path, added.Tier, added.FreeBytes > 0));
            Assert.True(Directory.Exists(Path.Combine(folder, "layers")));
        }

        Assert.Equal(["default", "fast"], (await server.GetAsync<IReadOnlyList<Datastore>>(Routes.Datastores)).Select(d => d.Name));
        foreach (var (name, path, status, kind) in new[]
        {
            ("fast", "/srv/other", HttpStatusCode.Conflict, "alreadyExists"),
            ("again", folder, HttpStatusCode.Conflict, "alreadyExists"),
            ("inside", folder + "/deeper", HttpStatusCode.Conflict, "alreadyExists"),
            ("around", "/", HttpStatusCode.Conflict, "alreadyExists"),
            ("relative", "srv/x", HttpStatusCode.BadRequest, "invalidArgument"),
            ("bad name", "/srv/x", HttpStatusCode.BadRequest, "invalidArgument"),
        })
        {
            await server.Local.PostAsync(Routes.Datastores, Answers.Json($$"""{ "name": "{{name}}", "path": "{{path}}" }""")).MustRefuseAsync(status, kind);
        }
    }
}
