using Ramet.Core.Hosts;
using Ramet.Libvirt;

namespace Ramet.Hypervisor.States;

/// <summary>
/// What every domain's state is, without asking libvirt: filled whole when the connection is made, then kept by its events. Whoever
/// waits for a state waits here. Also remembers which domains carry Ramet's metadata, until their definition changes.
/// </summary>
internal sealed class DomainStates
{
    private sealed record Entry(string Name, PowerState State, bool Persistent, int Definition, bool MetadataKnown, Guid? RametVmId);

    private sealed record Waiter(Guid Id, Func<PowerState, bool> Wanted, TaskCompletionSource Reached);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Entry> _domains = [];
    private readonly Dictionary<Guid, int> _ownDefinitions = [];
    private readonly List<Waiter> _waiters = [];
    private Exception? _unavailable;

    public PowerState Get(Guid id)
    {
        lock (_lock)
            return _domains.TryGetValue(id, out var entry) ? entry.State : PowerState.Unknown;
    }

    public IReadOnlyList<DomainSummary> List()
    {
        lock (_lock)
            return [.. _domains.Select(d => new DomainSummary(d.Key, d.Value.Name, d.Value.State, d.Value.RametVmId))];
    }

    /// <summary>Takes a complete listing for the truth.</summary>
    public void Reset(IReadOnlyList<DomainStateRecord> all, IReadOnlySet<Guid> transient)
    {
        lock (_lock)
        {
            _unavailable = null;
            _domains.Clear();
            foreach (var domain in all)
            {
                var state = ToPowerState(domain.State);
                _domains[domain.Uuid] = new Entry(domain.Name, state, !transient.Contains(domain.Uuid), 0, MetadataKnown: false, null);
                Wake(domain.Uuid, state);
            }
        }
    }

    /// <summary>The connection is gone: nothing is known, and nobody may wait for events that do not come.</summary>
    public void Clear(Exception reason)
    {
        lock (_lock)
        {
            _unavailable = reason;
            _domains.Clear();
            _ownDefinitions.Clear();
            foreach (var waiter in _waiters)
                waiter.Reached.TrySetException(reason);
            _waiters.Clear();
        }
    }

    /// <summary>Takes over an event and returns how it is told to others; null for those that concern nobody.</summary>
    public HypervisorEvent? Apply(DomainEvent happened)
    {
        lock (_lock)
        {
            switch (happened)
            {
                case LifecycleEvent e:
                    return Apply(e);
                case RebootEvent:
                    return Tell(happened, HypervisorEventKind.StateChanged, "rebooted");
                case AgentEvent e:
                    return Tell(happened, e.Connected ? HypervisorEventKind.AgentConnected : HypervisorEventKind.AgentDisconnected, null);
                case BlockJobEvent e:
                    return Tell(happened, HypervisorEventKind.BlockJob, $"{e.Disk}: {e.Type} {e.Status}");
                case IoErrorEvent e:
                    return Tell(happened, HypervisorEventKind.InputOutputError, $"{e.Path}: {e.Reason}");
                default:
                    return null;
            }
        }
    }

    /// <summary>Completes at the first moment from now on at which the domain's state is wanted; one that is gone counts as stopped.</summary>
    public async Task WaitAsync(Guid id, Func<PowerState, bool> wanted, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(id, wanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (_unavailable is not null)
                throw _unavailable;
            if (wanted(_domains.TryGetValue(id, out var entry) ? entry.State : PowerState.Stopped))
                return;
            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Reached.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
                _waiters.Remove(waiter);
        }
    }

    /// <summary>Domains whose metadata nobody read since their definition changed, with a number to hand back to <see cref="SetMetadata"/>.</summary>
    public IReadOnlyDictionary<Guid, int> WithoutMetadata()
    {
        lock (_lock)
            return _domains.Where(d => !d.Value.MetadataKnown).ToDictionary(d => d.Key, d => d.Value.Definition);
    }

    /// <summary>Keeps what was read, unless the definition changed meanwhile.</summary>
    public void SetMetadata(Guid id, int definition, Guid? rametVmId)
    {
        lock (_lock)
        {
            if (_domains.TryGetValue(id, out var entry) && entry.Definition == definition)
                _domains[id] = entry with { MetadataKnown = true, RametVmId = rametVmId };
        }
    }

    /// <summary>Announces a definition of ours: the event that it will cause tells nothing new.</summary>
    public void Defining(Guid id)
    {
        lock (_lock)
            _ownDefinitions[id] = _ownDefinitions.GetValueOrDefault(id) + 1;
    }

    /// <summary>Makes the announced definition known at once, so that whoever waited for it sees it.</summary>
    public void Defined(Guid id, string name)
    {
        lock (_lock)
        {
            if (_unavailable is null)
                _domains[id] = (_domains.GetValueOrDefault(id) ?? Unheard(name)) with { Name = name, Persistent = true, MetadataKnown = true, RametVmId = id };
        }
    }

    /// <summary>Makes a removal of ours known at once; the events that follow find nothing and leave nothing.</summary>
    public void Removed(Guid id)
    {
        lock (_lock)
            Forget(id);
    }

    /// <summary>Takes an announcement back, or uses it up.</summary>
    /// <returns>Whether there was one.</returns>
    public bool NotDefining(Guid id)
    {
        lock (_lock)
        {
            if (!_ownDefinitions.TryGetValue(id, out var count))
                return false;
            if (count == 1)
                _ownDefinitions.Remove(id);
            else
                _ownDefinitions[id] = count - 1;
            return true;
        }
    }

    public static PowerState ToPowerState(DomainState state) => state switch
    {
        DomainState.Running or DomainState.Blocked => PowerState.Running,
        DomainState.Paused => PowerState.Paused,
        DomainState.ShuttingDown => PowerState.Stopping,
        DomainState.ShutOff => PowerState.Stopped,
        DomainState.Crashed => PowerState.Crashed,
        DomainState.Suspended => PowerState.Suspended,
        _ => PowerState.Unknown,
    };

    private HypervisorEvent Apply(LifecycleEvent e)
    {
        var known = _domains.GetValueOrDefault(e.Uuid) ?? Unheard(e.Name);
        switch (e.Change)
        {
            case LifecycleChange.Defined:
                _domains[e.Uuid] = NotDefining(e.Uuid)
                    ? known with { Name = e.Name, Persistent = true }
                    : known with { Name = e.Name, Persistent = true, Definition = known.Definition + 1, MetadataKnown = false };
                return Tell(e, HypervisorEventKind.Defined, null);
            case LifecycleChange.Undefined:
                // One that runs goes on as a transient domain.
                if (known.State is PowerState.Stopped or PowerState.Crashed)
                    Forget(e.Uuid);
                else
                    _domains[e.Uuid] = known with { Persistent = false };
                return Tell(e, HypervisorEventKind.Undefined, null);
            default:
                var state = StateAfter(e.Change);
                if (state == PowerState.Stopped && !known.Persistent)
                    Forget(e.Uuid);
                else
                    _domains[e.Uuid] = known with { Name = e.Name, State = state };
                Wake(e.Uuid, state);
                return new HypervisorEvent(HypervisorEventKind.StateChanged, e.Uuid, e.Name, state, Words(e));
        }
    }

    private static Entry Unheard(string name) => new(name, PowerState.Stopped, Persistent: false, 0, MetadataKnown: false, null);

    private void Forget(Guid id)
    {
        _domains.Remove(id);
        Wake(id, PowerState.Stopped);
    }

    private void Wake(Guid id, PowerState state)
    {
        foreach (var waiter in _waiters)
        {
            if (waiter.Id == id && waiter.Wanted(state))
                waiter.Reached.TrySetResult();
        }
    }

    private HypervisorEvent Tell(DomainEvent e, HypervisorEventKind kind, string? detail) =>
        new(kind, e.Uuid, e.Name, _domains.TryGetValue(e.Uuid, out var entry) ? entry.State : PowerState.Unknown, detail);

    private static PowerState StateAfter(LifecycleChange change) => change switch
    {
        LifecycleChange.Started or LifecycleChange.Resumed => PowerState.Running,
        LifecycleChange.Suspended => PowerState.Paused,
        LifecycleChange.Shutdown => PowerState.Stopping,
        LifecycleChange.PowerManagementSuspended => PowerState.Suspended,
        LifecycleChange.Crashed => PowerState.Crashed,
        _ => PowerState.Stopped,
    };

    /// <summary>virDomainEventStoppedDetailType and the plain name of the other changes.</summary>
    private static string Words(LifecycleEvent e) => (e.Change, e.Detail) switch
    {
        (LifecycleChange.Stopped, 0) => "shut down",
        (LifecycleChange.Stopped, 1) => "destroyed",
        (LifecycleChange.Stopped, 2) => "crashed",
        (LifecycleChange.Stopped, 3) => "migrated",
        (LifecycleChange.Stopped, 4) => "saved",
        (LifecycleChange.Stopped, 5) => "failed",
        (LifecycleChange.Started, _) => "started",
        (LifecycleChange.Suspended, _) => "paused",
        (LifecycleChange.Resumed, _) => "resumed",
        (LifecycleChange.Shutdown, _) => "shutting down",
        (LifecycleChange.PowerManagementSuspended, _) => "suspended",
        (LifecycleChange.Crashed, _) => "crashed",
        _ => "stopped",
    };
}
