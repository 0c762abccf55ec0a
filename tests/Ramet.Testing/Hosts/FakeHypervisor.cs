using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;

namespace Ramet.Testing.Hosts;

/// <summary>One call, as <see cref="FakeHypervisor.Before"/> and <see cref="FakeHypervisor.After"/> see it.</summary>
/// <param name="Method">Name of the method of <see cref="IHypervisor"/>.</param>
/// <param name="Domain">Name of the domain; null when the call is about none, or about one that there is not.</param>
/// <param name="DomainId">Its id.</param>
public sealed record FakeCall(string Method, string? Domain, Guid? DomainId);

/// <summary>
/// A host in memory, with libvirt's and QEMU's manners as far as Ramet relies on them: definitions that reach a running
/// domain only at its next start, names that are unique, image locks (a layer has one writer, and none while it backs
/// another running domain), live switches that only add a layer, calls that fail while disconnected. It outlives
/// <see cref="DisposeAsync"/>: a second server may start on the same domains.
/// </summary>
public sealed partial class FakeHypervisor(TimeProvider? time = null) : IHypervisor
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, FakeDomain> _domains = [];
    private readonly List<Channel<HypervisorEvent>> _subscribers = [];
    private readonly List<FakeCall> _calls = [];
    private string? _down;
    private bool _connected;

    /// <summary>Runs before each call takes effect (once per domain for calls on several): throw to make it fail, wait to hold it up.</summary>
    public Func<FakeCall, CancellationToken, Task>? Before { get; set; }

    /// <summary>Runs after the effect, before the caller hears of it: throw to lose the answer.</summary>
    public Func<FakeCall, CancellationToken, Task>? After { get; set; }

    /// <summary>Whether an image is there when a domain starts; null takes every path for granted.</summary>
    public Func<string, bool>? FileExists { get; set; }

    public VirtualizationType Virtualization { get; set; } = VirtualizationType.Qemu;

    public IReadOnlyList<HostNetwork> Networks { get; set; } = [new("default", Active: true, Autostart: true, "virbr0")];

    /// <summary>Every call so far, oldest first.</summary>
    public IReadOnlyList<FakeCall> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    public IReadOnlyList<FakeDomain> Domains
    {
        get
        {
            lock (_lock)
                return [.. _domains.Values];
        }
    }

    public HostStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _connected
                    ? new(true, null, Virtualization, Virtualization == VirtualizationType.Qemu ? "this host is a fake" : null, "9.0.0", "7.2.22", 2, 8L << 30)
                    : new(false, _down ?? "not connected yet", VirtualizationType.Unknown, null, null, null, 0, 0);
            }
        }
    }

    public FakeDomain this[string name]
    {
        get
        {
            lock (_lock)
                return Find(name) ?? throw new InvalidOperationException($"the fake host has no domain '{name}'");
        }
    }

    /// <summary>A domain that was there before Ramet.</summary>
    public FakeDomain AddForeign(DomainDefinition definition, params IReadOnlyList<string> unsupportedDisks)
    {
        var domain = new FakeDomain(definition, rametVmId: null) { UnsupportedDisks = unsupportedDisks };
        lock (_lock)
        {
            _domains.Add(domain.Id, domain);
            Publish(new(HypervisorEventKind.Defined, domain.Id, domain.Name, domain.State, null));
        }

        return domain;
    }

    /// <summary>libvirt goes away: calls fail until <see cref="Reconnect"/>; domains run on.</summary>
    public void Disconnect(string error = "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory")
    {
        lock (_lock)
        {
            _down = error;
            if (!_connected)
                return;
            _connected = false;
            Publish(new(HypervisorEventKind.Disconnected, null, null, PowerState.Unknown, error));
        }
    }

    public void Reconnect()
    {
        lock (_lock)
        {
            _down = null;
            Connect();
        }
    }

    /// <summary>Something happens to a domain that Ramet did not ask for: the guest shuts down, QEMU crashes, somebody uses virsh.</summary>
    public void SetState(string name, PowerState state)
    {
        lock (_lock)
            SetState(this[name], state, "by itself");
    }

    public PowerState GetState(Guid id)
    {
        lock (_lock)
            return _connected && _domains.TryGetValue(id, out var domain) ? domain.State : PowerState.Unknown;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_down is null)
                Connect();
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<HypervisorEvent> SubscribeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<HypervisorEvent>();
        lock (_lock)
            _subscribers.Add(channel);
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
                yield return happened;
        }
        finally
        {
            lock (_lock)
                _subscribers.Remove(channel);
        }
    }

    public async Task DefineAsync(IReadOnlyList<DomainDefinition> definitions, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        for (var i = 0; i < definitions.Count; i++)
        {
            var definition = definitions[i];
            await CallAsync(nameof(DefineAsync), definition.Id, definition.Name, () => Define(definition), cancellationToken);
            progress?.Report(i + 1);
        }
    }

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            var id = ids[i];
            await CallAsync(nameof(RemoveAsync), id, null, () => Remove(id), cancellationToken);
            progress?.Report(i + 1);
        }
    }

    public Task StartDomainAsync(Guid id, CancellationToken cancellationToken) =>
        CallAsync(nameof(StartDomainAsync), id, null, () => Boot(Get(id)), cancellationToken);

    public async Task StopDomainAsync(Guid id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var stubborn = false;
        await CallAsync(
            nameof(StopDomainAsync), id, null,
            () =>
            {
                var domain = Get(id);
                stubborn = domain.IgnoresShutdown && domain.IsActive && grace > TimeSpan.Zero;
                if (!stubborn)
                    SetState(domain, PowerState.Stopped, grace > TimeSpan.Zero ? "shutdown" : "destroyed");
            },
            cancellationToken);
        if (!stubborn)
            return;

        await Task.Delay(grace, _time, cancellationToken);
        lock (_lock)
        {
            if (_domains.TryGetValue(id, out var domain))
                SetState(domain, PowerState.Stopped, "destroyed");
        }
    }

    public async Task<IReadOnlyList<DomainSummary>> ListDomainsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DomainSummary> found = [];
        await CallAsync(
            nameof(ListDomainsAsync), null, null,
            () => found = [.. _domains.Values.Select(d => new DomainSummary(d.Id, d.Name, d.State, d.RametVmId))],
            cancellationToken);
        return found;
    }

    public async Task<DomainDescription> DescribeAsync(string nameOrId, CancellationToken cancellationToken)
    {
        DomainDescription? found = null;
        await CallAsync(
            nameof(DescribeAsync), null, nameOrId,
            () => found = (Find(nameOrId) ?? throw NoDomain(nameOrId)).Describe(),
            cancellationToken);
        return found!;
    }

    public async Task<IReadOnlyDictionary<string, string>> GetDiskPathsAsync(Guid id, CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, string>();
        await CallAsync(
            nameof(GetDiskPathsAsync), id, null,
            () =>
            {
                foreach (var disk in Get(id).CurrentDisks)
                    paths.Add(disk.Target, disk.Chain[0].Path);
            },
            cancellationToken);
        return paths;
    }

    public async Task<bool> SwitchDisksAsync(Guid id, IReadOnlyList<DomainDisk> disks, bool quiesce, CancellationToken cancellationToken)
    {
        var frozen = false;
        await CallAsync(
            nameof(SwitchDisksAsync), id, null,
            () =>
            {
                var domain = Get(id);
                frozen = quiesce && domain.IsActive && domain.HasAgent;
                Switch(domain, disks);
            },
            cancellationToken);
        return frozen;
    }

    public Task PullAsync(Guid id, string target, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken) =>
        CallAsync(
            nameof(PullAsync), id, null,
            () =>
            {
                var domain = Get(id);
                if (!domain.IsActive)
                    throw Refused(domain, "pull its disk", "Requested operation is not valid: domain is not running");
                var live = domain.LiveDisks!.SingleOrDefault(d => d.Target == target)
                    ?? throw Refused(domain, "pull its disk", $"invalid argument: disk '{target}' not found in domain");
                var pulled = live with { Chain = [live.Chain[0]] };
                domain.BlockJobs.Remove(target);
                domain.LiveDisks = Replace(domain.LiveDisks!, [pulled]);
                domain.Definition = domain.Definition with { Disks = Replace(domain.Definition.Disks, [pulled]) };
                progress?.Report((1, 1));
                Publish(new(HypervisorEventKind.BlockJob, id, domain.Name, domain.State, "completed"));
            },
            cancellationToken);

    public async Task<bool> HasBlockJobAsync(Guid id, string target, CancellationToken cancellationToken)
    {
        var works = false;
        await CallAsync(
            nameof(HasBlockJobAsync), id, null, () => works = Get(id) is { IsActive: true } domain && domain.BlockJobs.Contains(target), cancellationToken);
        return works;
    }

    public async Task<IReadOnlyList<GuestAddress>> GetAddressesAsync(Guid id, CancellationToken cancellationToken)
    {
        IReadOnlyList<GuestAddress> addresses = [];
        await CallAsync(
            nameof(GetAddressesAsync), id, null, () => addresses = Get(id) is { IsActive: true } domain ? domain.Addresses : [], cancellationToken);
        return addresses;
    }

    public async Task<bool> PingAgentAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answered = false;
        await CallAsync(
            nameof(PingAgentAsync), id, null, () => answered = Get(id) is { IsActive: true, HasAgent: true }, cancellationToken);
        return answered;
    }

    public async Task<GuestCommandResult> RunInGuestAsync(
        Guid id, string path, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellationToken)
    {
        GuestCommandResult? answer = null;
        await CallAsync(
            nameof(RunInGuestAsync), id, null,
            () =>
            {
                var domain = Get(id);
                if (domain is not { IsActive: true, HasAgent: true, Guest: { } guest })
                {
                    throw new RametException(
                        ErrorKind.GuestAgentUnavailable, $"The guest agent of '{domain.Name}' does not answer", @object: domain.Name);
                }

                answer = guest(path, arguments);
            },
            cancellationToken);
        return answer!;
    }

    public async Task<Stream> OpenConsoleAsync(Guid id, bool force, CancellationToken cancellationToken)
    {
        Stream? console = null;
        await CallAsync(
            nameof(OpenConsoleAsync), id, null,
            () =>
            {
                var domain = Get(id);
                if (!domain.IsActive)
                    throw Refused(domain, "open its console", "Requested operation is not valid: domain is not running");
                console = domain.Console.Open(domain.Name, force);
            },
            cancellationToken);
        return console!;
    }

    public async Task<IReadOnlyList<HostNetwork>> ListNetworksAsync(CancellationToken cancellationToken)
    {
        await CallAsync(nameof(ListNetworksAsync), null, null, () => { }, cancellationToken);
        return Networks;
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _connected = false;
            foreach (var subscriber in _subscribers)
                subscriber.Writer.TryComplete();
        }

        return ValueTask.CompletedTask;
    }
}
