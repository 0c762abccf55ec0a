using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Ramet.Contracts;
using Ramet.Core.Events;
using Ramet.Core.Hosts;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class EventTests
{
    [Fact]
    public async Task What_happens_is_told_as_it_happens()
    {
        await using var server = await TestServer.StartAsync();
        await using var events = await EventReader.OpenAsync(server.Local);
        Bus(server).Publish("vm.created", "seat-01", ("id", "7"));

        var happened = (await events.NextAsync())!;

        Assert.Equal(("vm.created", "seat-01", "7"), (happened.Kind, happened.Object, happened.Data["id"]));
    }

    [Fact]
    public async Task An_operation_can_be_followed_to_its_end()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportAsync("debian12");
        var operation = await server.SucceedAsync(Routes.Clone, new CloneRequest("debian12", "seat-{1..3}"));

        // From the beginning of what is kept: nothing of the other operation may be among it.
        await using var events = await EventReader.OpenAsync(server.Local, $"?operation={operation.Id}", after: 0);
        List<Event> told = [];
        do
            told.Add((await events.NextAsync())!);
        while (told[^1].Kind != "operation.finished");

        Assert.Equal("operation.created", told[0].Kind);
        Assert.All(told, e => Assert.Equal(operation.Id.ToString(), e.Object));
        Assert.Equal("succeeded", told[^1].Data["state"]);
    }

    [Fact]
    public async Task A_watcher_that_comes_back_goes_on_where_it_was()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
            Bus(server).Publish("test.event", name);
        await using var first = await EventReader.OpenAsync(server.Local, "?kind=test", after: 0);
        var seen = (await first.NextAsync())!;

        await using var second = await EventReader.OpenAsync(server.Local, "?kind=test", after: seen.Id);

        Assert.Equal(["b", "c"], [(await second.NextAsync())!.Object, (await second.NextAsync())!.Object]);
    }

    [Fact]
    public async Task Kinds_are_chosen_by_whole_words()
    {
        await using var server = await TestServer.StartAsync();
        await using var events = await EventReader.OpenAsync(server.Local, "?kind=vm");
        Bus(server).Publish("vmware.left", "x");
        Bus(server).Publish("vm", "y");
        Bus(server).Publish("vm.state", "z");

        Assert.Equal(["y", "z"], [(await events.NextAsync())!.Object, (await events.NextAsync())!.Object]);
    }

    [Fact]
    public async Task What_the_host_reports_of_managed_vms_is_told()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportAsync("debian12");
        server.Hypervisor.AddForeign(server.Hypervisor["debian12"].Definition with { Id = Guid.NewGuid(), Name = "stranger" });
        await using var events = await EventReader.OpenAsync(server.Local, "?kind=vm.state");

        server.Hypervisor.SetState("stranger", PowerState.Running);
        server.Hypervisor.SetState("debian12", PowerState.Running);

        var happened = (await events.NextAsync())!;
        Assert.Equal(("debian12", "running"), (happened.Object, happened.Data["state"]));
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops_and_hold_it_up_for_no_moment()
    {
        await using var server = await TestServer.StartAsync();
        await using var events = await EventReader.OpenAsync(server.Local);
        var began = TimeProvider.System.GetTimestamp();

        await server.StopAsync();

        Assert.Null(await events.NextAsync());
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_id_that_is_none_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Events);
        request.Headers.Add("Last-Event-ID", "yesterday");

        await server.Local.SendAsync(request).MustRefuseAsync(HttpStatusCode.BadRequest, "invalidArgument");
    }

    private static EventBus Bus(TestServer server) => server.Services.GetRequiredService<EventBus>();
}
