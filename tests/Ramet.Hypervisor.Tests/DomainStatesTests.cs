using Ramet.Core.Hosts;
using Ramet.Hypervisor.States;
using Ramet.Libvirt;

namespace Ramet.Hypervisor.Tests;

/// <summary>The cache, fed by hand.</summary>
public sealed class DomainStatesTests
{
    private static readonly Guid Id = Guid.NewGuid();

    private readonly DomainStates _states = new();

    [Fact]
    public void Follows_the_events_after_the_listing()
    {
        _states.Reset([new DomainStateRecord(Id, "a", DomainState.ShutOff, 0)], new HashSet<Guid>());
        Assert.Equal(PowerState.Stopped, _states.Get(Id));

        foreach (var (change, state) in ((LifecycleChange, PowerState)[])
            [
                (LifecycleChange.Resumed, PowerState.Running), (LifecycleChange.Started, PowerState.Running), (LifecycleChange.Suspended, PowerState.Paused),
                (LifecycleChange.Resumed, PowerState.Running), (LifecycleChange.Shutdown, PowerState.Stopping), (LifecycleChange.Stopped, PowerState.Stopped),
            ])
        {
            var told = _states.Apply(Event(change))!;
            Assert.Equal((HypervisorEventKind.StateChanged, state, state), (told.Kind, told.State, _states.Get(Id)));
        }

        Assert.Equal(HypervisorEventKind.Undefined, _states.Apply(Event(LifecycleChange.Undefined))!.Kind);
        Assert.Empty(_states.List());
    }

    [Fact]
    public void A_transient_domain_is_gone_when_it_stops_and_so_is_one_undefined_while_it_ran()
    {
        _states.Reset([], new HashSet<Guid>());
        _states.Apply(Event(LifecycleChange.Started));
        _states.Apply(Event(LifecycleChange.Stopped));
        Assert.Equal(PowerState.Unknown, _states.Get(Id));

        _states.Apply(Event(LifecycleChange.Defined));
        _states.Apply(Event(LifecycleChange.Started));
        _states.Apply(Event(LifecycleChange.Undefined));
        Assert.Equal(PowerState.Running, _states.Get(Id));
        _states.Apply(Event(LifecycleChange.Stopped));
        Assert.Equal(PowerState.Unknown, _states.Get(Id));
    }

    [Fact]
    public async Task Waiting_sees_a_state_that_lasts_one_event()
    {
        _states.Reset([new DomainStateRecord(Id, "a", DomainState.ShutOff, 0)], new HashSet<Guid>());
        var up = _states.WaitAsync(Id, s => s == PowerState.Running, TestContext.Current.CancellationToken);

        _states.Apply(Event(LifecycleChange.Started));
        _states.Apply(Event(LifecycleChange.Stopped));

        await up.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        await _states.WaitAsync(Id, s => s == PowerState.Stopped, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Waiting_fails_when_the_connection_goes_and_while_it_is_gone()
    {
        _states.Reset([new DomainStateRecord(Id, "a", DomainState.Running, 0)], new HashSet<Guid>());
        var off = _states.WaitAsync(Id, s => s == PowerState.Stopped, TestContext.Current.CancellationToken);

        _states.Clear(new InvalidOperationException("gone"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => off);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _states.WaitAsync(Id, _ => true, TestContext.Current.CancellationToken));
        Assert.Equal(PowerState.Unknown, _states.Get(Id));
    }

    [Fact]
    public void Metadata_is_asked_for_again_only_when_somebody_else_defined()
    {
        _states.Reset([new DomainStateRecord(Id, "a", DomainState.ShutOff, 0)], new HashSet<Guid>());
        var version = Assert.Single(_states.WithoutMetadata()).Value;
        _states.SetMetadata(Id, version, null);
        Assert.Empty(_states.WithoutMetadata());

        _states.Defining(Id);
        _states.Apply(Event(LifecycleChange.Defined));
        _states.Defined(Id, "a");
        Assert.Empty(_states.WithoutMetadata());
        Assert.Equal(Id, Assert.Single(_states.List()).RametVmId);

        _states.Apply(Event(LifecycleChange.Defined));
        Assert.Single(_states.WithoutMetadata());
        _states.SetMetadata(Id, version, null);
        Assert.Single(_states.WithoutMetadata());
    }

    private static LifecycleEvent Event(LifecycleChange change) => new(Id, "a", change, 0);
}
