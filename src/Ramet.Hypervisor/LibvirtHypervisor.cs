using System.Threading.Channels;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Hypervisor.Connections;
using Ramet.Hypervisor.Probe;
using Ramet.Hypervisor.States;
using Ramet.Hypervisor.Xml;
using Ramet.Libvirt;

namespace Ramet.Hypervisor;

/// <summary>
/// One host through libvirt. A link keeps the connection up; a cache fed by its events answers for states, so that neither
/// a listing nor a wait asks libvirt; everything else is one call on a lane of the link.
/// </summary>
public sealed partial class LibvirtHypervisor : IHypervisor
{
    private readonly LibvirtHypervisorOptions _options;
    private readonly TimeProvider _time;
    private readonly HostLink _link;
    private readonly DomainStates _states = new();
    private readonly EventHub<HypervisorEvent> _hub = new();
    private readonly EventHub<DomainEvent> _domainEvents = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _startLock = new();
    private Task? _running;
    private volatile HostStatus _status = new(false, "not connected yet", VirtualizationType.Unknown, null, null, null, 0, 0);

    public LibvirtHypervisor(LibvirtHypervisorOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _link = new HostLink(options.Uri, time);
        _states.Clear(HypervisorErrors.NotConnected(options.Uri, null));
    }

    /// <inheritdoc/>
    public HostStatus Status => _status;

    /// <inheritdoc/>
    public PowerState GetState(Guid id) => _states.Get(id);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_startLock)
            _running ??= Task.Run(() => _link.RunAsync(SessionAsync, Ended, _stopping.Token), CancellationToken.None);
        return _attempted.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<HypervisorEvent> SubscribeAsync(CancellationToken cancellationToken) => _hub.Subscribe(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        if (_running is not null)
            await _running;
        _attempted.TrySetCanceled();
        _link.Dispose();
        _hub.Complete();
        _stopping.Dispose();
    }

    /// <summary>One connection's life: list, then follow the events, which were subscribed to before the listing.</summary>
    private async Task SessionAsync(Connection connection, ChannelReader<DomainEvent> events, CancellationToken cancellationToken)
    {
        var (all, transient, node, libvirt, qemu) = await _link.CallAsync(
            Lane.Control, "read the host's state",
            c => (c.GetDomainStates(), Transient(c), c.GetNodeInfo(), c.GetLibraryVersion(), c.GetHypervisorVersion()), cancellationToken);
        _states.Reset(all, transient);
        // The first time only: a daemon that comes back runs on the same processor.
        var (type, reason) = _status.Virtualization == VirtualizationType.Unknown
            ? await new KvmProbe(_link, _options.StateFolder, _time).RunAsync(cancellationToken)
            : (_status.Virtualization, _status.VirtualizationReason);
        _status = new HostStatus(true, null, type, reason, libvirt.ToString(), qemu.ToString(), node.Cpus, node.MemoryBytes);
        _hub.Publish(new HypervisorEvent(HypervisorEventKind.Connected, null, null, PowerState.Unknown, null));
        _attempted.TrySetResult();

        await foreach (var happened in events.ReadAllAsync(cancellationToken))
        {
            if (_states.Apply(happened) is { } told)
                _hub.Publish(told);
            _domainEvents.Publish(happened);
        }
    }

    private void Ended(RametException? failure)
    {
        var wasConnected = _status.Connected;
        failure ??= HypervisorErrors.NotConnected(_options.Uri, "the connection was lost");
        _states.Clear(failure);
        _domainEvents.Complete(failure);
        _status = _status with { Connected = false, Error = failure.Message };
        if (wasConnected)
            _hub.Publish(new HypervisorEvent(HypervisorEventKind.Disconnected, null, null, PowerState.Unknown, failure.Message));
        _attempted.TrySetResult();
    }

    private static HashSet<Guid> Transient(Connection connection)
    {
        var domains = connection.ListDomains(DomainFilter.Transient);
        var ids = domains.Select(d => d.Uuid).ToHashSet();
        foreach (var domain in domains)
            domain.Dispose();
        return ids;
    }

    private DomainXmlWriter NewWriter() => new(_status.Virtualization, _options.ConsoleLogFolder);

    /// <summary>Runs work on one domain.</summary>
    /// <param name="tried">What is tried, to follow "cannot".</param>
    private Task<T> OnDomainAsync<T>(Lane lane, Guid id, string tried, Func<Domain, T> work, CancellationToken cancellationToken) =>
        _link.CallAsync(
            lane, tried,
            connection =>
            {
                using var domain = connection.FindDomain(id) ?? throw HypervisorErrors.NoDomain(id.ToString());
                return work(domain);
            },
            cancellationToken);

    private Task<bool> OnDomainAsync(Lane lane, Guid id, string tried, Action<Domain> work, CancellationToken cancellationToken) =>
        OnDomainAsync(
            lane, id, tried,
            domain =>
            {
                work(domain);
                return true;
            },
            cancellationToken);
}
