using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Testing;

namespace Ramet.Hypervisor.Tests;

/// <summary>With a daemon of its own, because it kills it.</summary>
public sealed class ReconnectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_driver_comes_back_with_the_daemon_and_the_guests_never_left()
    {
        await using var daemon = new PrivateLibvirt();
        await daemon.InitializeAsync();
        await using var hypervisor = new LibvirtHypervisor(new LibvirtHypervisorOptions(daemon.Uri, daemon.Folder), TimeProvider.System);
        await hypervisor.StartAsync(Token);
        var definition = await Guests.LinkedCloneAsync(daemon.Folder, "survivor");
        await hypervisor.DefineAsync([definition], null, Token);
        await hypervisor.StartDomainAsync(definition.Id, Token);
        await using var connections = hypervisor.SubscribeAsync(Token)
            .Where(e => e.Kind is HypervisorEventKind.Connected or HypervisorEventKind.Disconnected).GetAsyncEnumerator(Token);

        await daemon.KillAsync();
        Assert.True(await connections.MoveNextAsync());
        Assert.Equal(HypervisorEventKind.Disconnected, connections.Current.Kind);
        Assert.False(hypervisor.Status.Connected);
        Assert.Equal(PowerState.Unknown, hypervisor.GetState(definition.Id));
        var error = await Assert.ThrowsAsync<RametException>(() => hypervisor.StopDomainAsync(definition.Id, TimeSpan.Zero, Token));
        Assert.Equal(ErrorKind.HostUnavailable, error.Kind);

        await daemon.StartAsync();
        Assert.True(await connections.MoveNextAsync());
        Assert.Equal(HypervisorEventKind.Connected, connections.Current.Kind);
        Assert.Equal(PowerState.Running, hypervisor.GetState(definition.Id));
        await hypervisor.StopDomainAsync(definition.Id, TimeSpan.Zero, Token);
        Assert.Equal(PowerState.Stopped, hypervisor.GetState(definition.Id));
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_told_at_once_and_tried_again()
    {
        await using var hypervisor = new LibvirtHypervisor(
            new LibvirtHypervisorOptions("qemu+unix:///system?socket=/nonexistent/libvirt-sock", Path.GetTempPath()), TimeProvider.System);

        await hypervisor.StartAsync(Token);

        Assert.False(hypervisor.Status.Connected);
        Assert.Contains("/nonexistent/libvirt-sock", hypervisor.Status.Error, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<RametException>(() => hypervisor.ListDomainsAsync(Token));
        Assert.Equal((ErrorKind.HostUnavailable, true), (error.Kind, error.Remedy is not null));
    }
}
