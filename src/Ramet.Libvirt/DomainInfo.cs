using System.Runtime.InteropServices;

namespace Ramet.Libvirt;

/// <summary>virDomainInfo. Memory in bytes, CPU time since start.</summary>
public sealed record DomainInfo(DomainState State, long MaxMemoryBytes, long MemoryBytes, int VirtualCpus, TimeSpan CpuTime);

/// <summary>A domain's state as virConnectGetAllDomainStats reports it: all domains in one call. The reason's meaning depends on the state (virDomain*Reason).</summary>
public readonly record struct DomainStateRecord(Guid Uuid, string Name, DomainState State, int Reason);

/// <summary>virDomainBlockInfo, bytes: what the guest sees, the highest written offset (or allocation), and the file's length.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BlockInfo(ulong Capacity, ulong Allocation, ulong Physical);

/// <summary>virDomainBlockStats since the start; -1 where the hypervisor does not count.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BlockStats(long ReadRequests, long ReadBytes, long WriteRequests, long WriteBytes, long Errors);

/// <summary>virDomainBlockJobType.</summary>
public enum BlockJobType
{
    Unknown = 0,
    Pull = 1,
    Copy = 2,
    Commit = 3,
    ActiveCommit = 4,
    Backup = 5,
}

/// <summary>virDomainBlockJobInfo: progress in the job's own units; a mirror-like job is ready for the pivot when both are equal.</summary>
public sealed record BlockJobInfo(BlockJobType Type, ulong Current, ulong End);

/// <summary>One interface of a guest, as virDomainInterfaceAddresses tells it; the agent also reports the loopback.</summary>
public sealed record GuestInterface(string Name, string? Mac, IReadOnlyList<GuestAddress> Addresses);

/// <summary>An address in text form and its prefix length.</summary>
public sealed record GuestAddress(string Address, int PrefixLength);

/// <summary>virNodeInfo, the physical host. Memory in bytes.</summary>
public sealed record NodeInfo(string CpuModel, long MemoryBytes, int Cpus, int Sockets, int CoresPerSocket, int ThreadsPerCore);

/// <summary>A lease that a libvirt network's DHCP server gave (virNetworkDHCPLease).</summary>
public sealed record DhcpLease(string Mac, string Address, int PrefixLength, string? HostName, string? ClientId, DateTimeOffset Expires);
