using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Hypervisor.Connections;
using Ramet.Hypervisor.States;
using Ramet.Libvirt;

namespace Ramet.Hypervisor;

/// <content>Starting and stopping.</content>
public sealed partial class LibvirtHypervisor
{
    /// <summary>How long an event may lag behind the reply of the call that caused it.</summary>
    private static readonly TimeSpan EventLag = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task StartDomainAsync(Guid id, CancellationToken cancellationToken)
    {
        // A guest can be off again before the call returns: what counts is that it was up at a moment from here on.
        using var lag = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = _states.WaitAsync(id, state => state is not (PowerState.Stopped or PowerState.Crashed or PowerState.Unknown), lag.Token);
        try
        {
            await OnDomainAsync(
                Lane.Bulk, id, "start the domain",
                domain =>
                {
                    try
                    {
                        domain.Start();
                    }
                    catch (LibvirtException e) when (e.Kind == LibvirtErrorKind.InvalidState && domain.GetState().State != DomainState.ShutOff)
                    {
                        // It runs: libvirt refuses to start what is started.
                    }
                },
                cancellationToken);
            await WithinLagAsync(up, lag);
        }
        finally
        {
            await lag.CancelAsync();
            await up.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async Task StopDomainAsync(Guid id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var state = await OnDomainAsync(Lane.Control, id, "read the domain's state", d => DomainStates.ToPowerState(d.GetState().State), cancellationToken);
        if (state == PowerState.Stopped)
            return;
        // A paused or crashed guest hears nobody.
        if (grace > TimeSpan.Zero && state is PowerState.Running or PowerState.Stopping && await AskToStopAsync(id, grace, cancellationToken))
            return;

        await OnDomainAsync(Lane.Bulk, id, "destroy the domain", d => IgnoreStopped(() => d.Destroy()), cancellationToken);
        using var lag = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await WithinLagAsync(_states.WaitAsync(id, IsOff, lag.Token), lag);
    }

    /// <summary>Agent first: it cannot be mistaken for a button that a desktop asks about. Then ACPI, for the rest of the grace.</summary>
    /// <returns>Whether it went off in time.</returns>
    private async Task<bool> AskToStopAsync(Guid id, TimeSpan grace, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(grace, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var off = _states.WaitAsync(id, IsOff, either.Token);
        try
        {
            if (await TryShutdownAsync(id, DomainShutdownMode.GuestAgent, either.Token))
                await Task.WhenAny(off, Task.Delay(grace / 2, _time, either.Token));
            if (!off.IsCompleted)
                await TryShutdownAsync(id, DomainShutdownMode.AcpiPowerButton, either.Token);
            await off;
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await either.CancelAsync();
            await off.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryShutdownAsync(Guid id, DomainShutdownMode mode, CancellationToken cancellationToken)
    {
        try
        {
            // The agent may take seconds to answer, and the grace does not wait for it.
            await OnDomainAsync(Lane.Guest, id, "shut the guest down", d => d.Shutdown(mode), cancellationToken).WaitAsync(cancellationToken);
            return true;
        }
        catch (RametException e) when (e.Kind is not ErrorKind.HostUnavailable)
        {
            return false;
        }
    }

    /// <summary>libvirt has confirmed already; an event that never comes is no reason to fail.</summary>
    private async Task WithinLagAsync(Task reached, CancellationTokenSource lag)
    {
        using var timer = new CancellationTokenSource(EventLag, _time);
        await using var link = timer.Token.Register(lag.Cancel);
        try
        {
            await reached;
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
        }
    }

    private static bool IsOff(PowerState state) => state is PowerState.Stopped;
}
