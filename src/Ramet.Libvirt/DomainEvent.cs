namespace Ramet.Libvirt;

/// <summary>Something that happened to a domain, copied out of libvirt's callback.</summary>
public abstract record DomainEvent(Guid Uuid, string Name);

/// <summary>virDomainEventType.</summary>
public enum LifecycleChange
{
    Defined = 0,
    Undefined = 1,
    Started = 2,
    Suspended = 3,
    Resumed = 4,
    Stopped = 5,
    Shutdown = 6,
    PowerManagementSuspended = 7,
    Crashed = 8,
}

/// <summary>A change of definition or state; the detail is the change's own enumeration (virDomainEvent*DetailType).</summary>
public sealed record LifecycleEvent(Guid Uuid, string Name, LifecycleChange Change, int Detail) : DomainEvent(Uuid, Name);

/// <summary>The guest rebooted by itself or on request.</summary>
public sealed record RebootEvent(Guid Uuid, string Name) : DomainEvent(Uuid, Name);

/// <summary>virConnectDomainEventBlockJobStatus.</summary>
public enum BlockJobStatus
{
    Completed = 0,
    Failed = 1,
    Canceled = 2,
    Ready = 3,
}

/// <summary>A block job's state changed; the disk is its target name (VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2).</summary>
public sealed record BlockJobEvent(Guid Uuid, string Name, string Disk, BlockJobType Type, BlockJobStatus Status) : DomainEvent(Uuid, Name);

/// <summary>The guest agent's channel was opened or closed in the guest.</summary>
public sealed record AgentEvent(Guid Uuid, string Name, bool Connected) : DomainEvent(Uuid, Name);

/// <summary>virDomainEventIOErrorAction.</summary>
public enum IoErrorAction
{
    None = 0,
    Pause = 1,
    Report = 2,
}

/// <summary>A disk request failed; the reason is QEMU's word, <c>enospc</c> when the file system is full.</summary>
public sealed record IoErrorEvent(Guid Uuid, string Name, string Path, string Device, IoErrorAction Action, string Reason) : DomainEvent(Uuid, Name);

/// <summary>The guest released a device that was unplugged.</summary>
public sealed record DeviceRemovedEvent(Guid Uuid, string Name, string Device) : DomainEvent(Uuid, Name);
