using Ramet.Core.Hosts;
using Ramet.Hypervisor.Connections;
using Ramet.Hypervisor.Probe;

namespace Ramet.Hypervisor.Tests;

/// <summary>That the probe can say yes: emulation runs everywhere. That it says no to a guest that says nothing.</summary>
public sealed class KvmProbeTests(LibvirtFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hears_a_guest_that_runs()
    {
        Assert.Null(await ProbeAsync(BootSector.CreateDisk(), TimeProvider.System));
    }

    [Fact]
    public async Task Does_not_believe_a_guest_that_says_nothing()
    {
        // cli, hlt: started, and never a byte.
        var silent = BootSector.CreateDisk();
        silent[0] = 0xFA;
        silent[1] = 0xF4;

        Assert.Contains("executed nothing", await ProbeAsync(silent, new HastyTime()), StringComparison.Ordinal);
    }

    private async Task<string?> ProbeAsync(byte[] disk, TimeProvider time)
    {
        await fixture.HypervisorAsync();
        var image = Path.Combine(fixture.Disks, $"probe-{Guid.NewGuid():N}.img");
        await File.WriteAllBytesAsync(image, disk, Token);
        using var link = new HostLink(fixture.Daemon.Uri, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = link.RunAsync(
            async (_, events, cancellationToken) =>
            {
                connected.TrySetResult();
                await foreach (var ignored in events.ReadAllAsync(cancellationToken))
                {
                }
            },
            failure => connected.TrySetException((Exception?)failure ?? new IOException("the connection was lost")),
            stop.Token);
        await connected.Task;
        try
        {
            return await new KvmProbe(link, fixture.Disks, time).TryAsync(VirtualizationType.Qemu, image, Token);
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Timers run ten times as fast: the silence need not be waited out.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 10, period);
    }
}
