using Ramet.Core.Errors;

namespace Ramet.Core.Hosts;

/// <summary>
/// One host's domains. Every call names a domain by the VM's id (its UUID). Errors are <see cref="RametException"/> with
/// <see cref="ErrorKind.HostUnavailable"/> when libvirt cannot be reached, <see cref="ErrorKind.NotFound"/> when it has no
/// such domain, <see cref="ErrorKind.HypervisorFailure"/> when it refuses. All calls are safe from several threads.
/// </summary>
public interface IHypervisor : IAsyncDisposable
{
    /// <summary>What is known just now; never blocks.</summary>
    HostStatus Status { get; }

    /// <summary>State from the cache that libvirt's events feed; <see cref="PowerState.Unknown"/> when disconnected. Never blocks.</summary>
    PowerState GetState(Guid id);

    /// <summary>Connects (and keeps reconnecting with back-off for the life of the object), finds out how guests run.</summary>
    /// <returns>When the first attempt has ended, successful or not: see <see cref="Status"/>. Called again it starts nothing, and waits for the same.</returns>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Everything the host reports, from now on; many subscribers, each with its own unbounded queue.</summary>
    IAsyncEnumerable<HypervisorEvent> SubscribeAsync(CancellationToken cancellationToken);

    /// <summary>Defines (or redefines) persistent domains, several at a time. Idempotent. Stops at the first failure: what was defined stays.</summary>
    /// <param name="progress">Number of domains defined so far.</param>
    Task DefineAsync(IReadOnlyList<DomainDefinition> definitions, IProgress<int>? progress, CancellationToken cancellationToken);

    /// <summary>Destroys where running and undefines with NVRAM, managed save and metadata; a missing domain is no error.</summary>
    Task RemoveAsync(IReadOnlyList<Guid> ids, IProgress<int>? progress, CancellationToken cancellationToken);

    /// <summary>Boots a domain; one that runs already is no error.</summary>
    Task StartDomainAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Guest agent, then ACPI, then (with <paramref name="grace"/> over) destroy; returns when the domain is off. One that is off is no error.</summary>
    /// <param name="grace">Zero destroys at once.</param>
    Task StopDomainAsync(Guid id, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>All domains of the host.</summary>
    Task<IReadOnlyList<DomainSummary>> ListDomainsAsync(CancellationToken cancellationToken);

    /// <summary>The definition of a domain, by its name or UUID.</summary>
    Task<DomainDescription> DescribeAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Paths that the domain's disks point at now, by target: the live ones when it runs, else the definition's.</summary>
    Task<IReadOnlyDictionary<string, string>> GetDiskPathsAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Points disks at other chains. On a running domain this is an atomic disk-only external snapshot onto existing files
    /// (virDomainSnapshotCreateXML with REUSE_EXT and NO_METADATA): each new chain must be the old one with one layer on
    /// top. Off, the definition is rewritten and any chain is allowed.
    /// </summary>
    /// <param name="quiesce">Freeze the guest's file systems through its agent while switching; without an agent the switch
    /// happens all the same, crash-consistent.</param>
    /// <returns>Whether the guest's file systems were frozen.</returns>
    Task<bool> SwitchDisksAsync(Guid id, IReadOnlyList<DomainDisk> disks, bool quiesce, CancellationToken cancellationToken);

    /// <summary>
    /// Live block pull of the whole chain into the disk's active layer (virDomainBlockPull); returns when it is independent.
    /// A pull that runs already is waited for. Cancelled, the job is aborted before this returns.
    /// </summary>
    /// <param name="progress">Bytes done and bytes in all.</param>
    Task PullAsync(Guid id, string target, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken);

    /// <summary>Whether a block job works on the disk (virDomainGetBlockJobInfo); false when the domain is off.</summary>
    Task<bool> HasBlockJobAsync(Guid id, string target, CancellationToken cancellationToken);

    /// <summary>Addresses from the guest agent, else from the network's DHCP leases, else from the host's ARP table; empty when none is known.</summary>
    Task<IReadOnlyList<GuestAddress>> GetAddressesAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Whether the guest agent answers within <paramref name="timeout"/>.</summary>
    Task<bool> PingAgentAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Runs a program in the guest by its agent (guest-exec) and collects its output.</summary>
    Task<GuestCommandResult> RunInGuestAsync(Guid id, string path, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>The domain's serial console as a two-way stream; disposing it leaves the guest untouched.</summary>
    /// <param name="force">Take the console from whoever has it.</param>
    Task<Stream> OpenConsoleAsync(Guid id, bool force, CancellationToken cancellationToken);

    /// <summary>The host's networks.</summary>
    Task<IReadOnlyList<HostNetwork>> ListNetworksAsync(CancellationToken cancellationToken);
}

/// <summary>An address that a guest has.</summary>
/// <param name="Interface">The guest's (agent) or the host's (lease) interface name.</param>
/// <param name="Address">Without prefix length.</param>
/// <param name="Source">"agent", "lease" or "arp".</param>
public sealed record GuestAddress(string Interface, string? Mac, string Address, int PrefixLength, string Source);

/// <summary>What a program in the guest left behind; output is cut at 1 MiB.</summary>
public sealed record GuestCommandResult(int ExitCode, string StandardOutput, string StandardError);

/// <summary>A libvirt network.</summary>
public sealed record HostNetwork(string Name, bool Active, bool Autostart, string? Bridge);

/// <summary>Something a host reported.</summary>
/// <param name="Kind">What.</param>
/// <param name="DomainId">Which domain; null for events of the connection.</param>
/// <param name="State">State after the event.</param>
/// <param name="Detail">libvirt's own words, such as "crashed".</param>
public sealed record HypervisorEvent(HypervisorEventKind Kind, Guid? DomainId, string? DomainName, PowerState State, string? Detail);

public enum HypervisorEventKind
{
    Connected = 0,
    Disconnected = 1,
    /// <summary>A domain's power state changed.</summary>
    StateChanged = 2,
    Defined = 3,
    Undefined = 4,
    AgentConnected = 5,
    AgentDisconnected = 6,
    BlockJob = 7,
    InputOutputError = 8,
}

/// <summary>The hosts' drivers by host id.</summary>
public interface IHypervisors
{
    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>.</exception>
    IHypervisor Get(Guid hostId);
}
