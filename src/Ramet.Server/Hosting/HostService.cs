using Ramet.Core.Catalog;
using Ramet.Core.Events;
using Ramet.Core.Hosts;
using Ramet.Core.Operations;
using Ramet.Server.Logging;
using Host = Ramet.Core.Hosts.Host;

namespace Ramet.Server.Hosting;

/// <summary>
/// Connects the hosts, hands what they report to whoever watches events, and, once each host has been tried, brings what an
/// earlier run left unfinished to its end. A host that is down delays nobody: its driver keeps trying.
/// </summary>
internal sealed class HostService(
    ICatalog catalog, HypervisorRegistry hypervisors, OperationRunner runner, EventBus events, ILogger<HostService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var hosts = await ListHostsAsync(stoppingToken);
        // Before they are connected: what they report first is what is waited for.
        List<Task> following = [.. hosts.Select(h => FollowAsync(h, hypervisors.Get(h.Id), stoppingToken))];
        try
        {
            await Task.WhenAll(hosts.Select(h => ConnectAsync(h, hypervisors.Get(h.Id), stoppingToken)));
            await runner.RecoverAsync().WaitAsync(stoppingToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.RecoveryFailed(e);
        }

        await Task.WhenAll(following);
    }

    private async Task<List<Host>> ListHostsAsync(CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        return await session.ListAsync(session.Hosts, cancellationToken);
    }

    private async Task ConnectAsync(Host host, IHypervisor hypervisor, CancellationToken cancellationToken)
    {
        await hypervisor.StartAsync(cancellationToken);
        // A host that is up says so by its event.
        if (hypervisor.Status is { Connected: false, Error: var error })
            log.HostDisconnected(host.Name, error);
    }

    private async Task FollowAsync(Host host, IHypervisor hypervisor, CancellationToken cancellationToken)
    {
        await foreach (var happened in hypervisor.SubscribeAsync(cancellationToken))
        {
            try
            {
                if (happened.DomainId is { } id)
                    await PublishAsync(happened, id, cancellationToken);
                else
                    Publish(host, hypervisor.Status, happened);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One event that cannot be told must not end the telling.
                log.EventLost(e, happened.Kind);
            }
        }
    }

    private void Publish(Host host, HostStatus status, HypervisorEvent happened)
    {
        if (happened.Kind == HypervisorEventKind.Connected)
        {
            log.HostConnected(host.Name, status.LibvirtVersion, status.QemuVersion, OperationCopy.Word(status.Virtualization));
            events.Publish("host.connected", host.Name, ("libvirt", status.LibvirtVersion ?? ""), ("qemu", status.QemuVersion ?? ""));
        }
        else if (happened.Kind == HypervisorEventKind.Disconnected)
        {
            log.HostDisconnected(host.Name, happened.Detail);
            events.Publish("host.disconnected", host.Name, ("error", happened.Detail ?? ""));
        }
    }

    private async Task PublishAsync(HypervisorEvent happened, Guid domain, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var vm = await session.FirstOrDefaultAsync(session.VirtualMachines.Where(v => v.Id == domain), cancellationToken);
        // Domains that are not under management are nobody's business here.
        if (vm is null)
            return;

        var detail = happened.Detail ?? "";
        var state = OperationCopy.Word(happened.State);
        switch (happened.Kind)
        {
            case HypervisorEventKind.StateChanged:
                events.Publish("vm.state", vm.Name, ("id", domain.ToString()), ("state", state), ("detail", detail));
                break;
            case HypervisorEventKind.Defined:
                events.Publish("vm.defined", vm.Name, ("id", domain.ToString()));
                break;
            case HypervisorEventKind.Undefined:
                events.Publish("vm.undefined", vm.Name, ("id", domain.ToString()));
                break;
            case HypervisorEventKind.AgentConnected:
                events.Publish("vm.agent", vm.Name, ("id", domain.ToString()), ("connected", "true"));
                break;
            case HypervisorEventKind.AgentDisconnected:
                events.Publish("vm.agent", vm.Name, ("id", domain.ToString()), ("connected", "false"));
                break;
            case HypervisorEventKind.BlockJob:
                events.Publish("vm.blockJob", vm.Name, ("id", domain.ToString()), ("detail", detail));
                break;
            case HypervisorEventKind.InputOutputError:
                events.Publish("vm.ioError", vm.Name, ("id", domain.ToString()), ("state", state), ("detail", detail));
                break;
        }
    }
}
