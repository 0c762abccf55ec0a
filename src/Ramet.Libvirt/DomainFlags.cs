namespace Ramet.Libvirt;

/// <summary>virDomainState.</summary>
public enum DomainState
{
    None = 0,
    Running = 1,
    Blocked = 2,
    Paused = 3,
    ShuttingDown = 4,
    ShutOff = 5,
    Crashed = 6,
    Suspended = 7,
}

/// <summary>virConnectListAllDomainsFlags; none means all.</summary>
[Flags]
public enum DomainFilter : uint
{
    None = 0,
    Active = 1,
    Inactive = 1 << 1,
    Persistent = 1 << 2,
    Transient = 1 << 3,
    Running = 1 << 4,
    Paused = 1 << 5,
    ShutOff = 1 << 6,
    Other = 1 << 7,
}

/// <summary>virDomainCreateFlags.</summary>
[Flags]
public enum DomainStartOptions : uint
{
    None = 0,
    Paused = 1,
    AutoDestroy = 1 << 1,
    ForceBoot = 1 << 3,
    Validate = 1 << 4,
    ResetNvram = 1 << 5,
}

/// <summary>virDomainShutdownFlagValues: by which way the guest is asked; none lets the driver choose.</summary>
[Flags]
public enum DomainShutdownMode : uint
{
    Default = 0,
    AcpiPowerButton = 1,
    GuestAgent = 1 << 1,
}

/// <summary>virDomainDestroyFlagsValues.</summary>
[Flags]
public enum DomainDestroyOptions : uint
{
    None = 0,

    /// <summary>SIGTERM only, so that QEMU flushes its caches; fails with <see cref="LibvirtErrorKind.Failed"/> when it does not end in time.</summary>
    Graceful = 1,
}

/// <summary>virDomainUndefineFlagsValues.</summary>
[Flags]
public enum DomainUndefineOptions : uint
{
    None = 0,
    ManagedSave = 1,
    SnapshotsMetadata = 1 << 1,
    Nvram = 1 << 2,
    KeepNvram = 1 << 3,
    CheckpointsMetadata = 1 << 4,
}

/// <summary>virDomainXMLFlags.</summary>
[Flags]
public enum DomainXmlOptions : uint
{
    None = 0,

    /// <summary>With passwords and the like.</summary>
    Secure = 1,

    /// <summary>The definition that the next start will use, instead of the running one.</summary>
    Inactive = 1 << 1,
}

/// <summary>virDomainSnapshotCreateFlags.</summary>
[Flags]
public enum SnapshotOptions : uint
{
    None = 0,

    /// <summary>libvirt keeps no record of the snapshot.</summary>
    NoMetadata = 1 << 2,
    DiskOnly = 1 << 4,

    /// <summary>The overlay files exist already, with header and backing file written; libvirt only switches to them.</summary>
    ReuseExternal = 1 << 5,

    /// <summary>File systems are frozen through the guest agent around the snapshot.</summary>
    Quiesce = 1 << 6,

    /// <summary>All disks or none.</summary>
    Atomic = 1 << 7,
}

/// <summary>virDomainBlockCommitFlags.</summary>
[Flags]
public enum BlockCommitOptions : uint
{
    None = 0,

    /// <summary>The base is the top's own backing image.</summary>
    Shallow = 1,

    /// <summary>The top is the active layer: the job becomes ready and waits for <see cref="BlockJobAbortOptions.Pivot"/>.</summary>
    Active = 1 << 2,

    /// <summary>Keeps backing names relative.</summary>
    Relative = 1 << 3,

    /// <summary>Bandwidth counts bytes per second instead of MiB.</summary>
    BandwidthBytes = 1 << 4,
}

/// <summary>virDomainBlockJobAbortFlags.</summary>
[Flags]
public enum BlockJobAbortOptions : uint
{
    None = 0,

    /// <summary>Returns at once; an event tells the end.</summary>
    Async = 1,

    /// <summary>Ends a ready job by switching to its target.</summary>
    Pivot = 1 << 1,
}

/// <summary>virDomainInterfaceAddressesSource.</summary>
public enum AddressSource : uint
{
    /// <summary>The DHCP leases of libvirt's own networks.</summary>
    Lease = 0,

    /// <summary>The guest agent: what the guest really has.</summary>
    Agent = 1,

    /// <summary>The host's neighbour table.</summary>
    Arp = 2,
}

/// <summary>virDomainConsoleFlags.</summary>
[Flags]
public enum ConsoleOptions : uint
{
    None = 0,

    /// <summary>Disconnects whoever is connected.</summary>
    Force = 1,

    /// <summary>Fails unless the driver can assure mutual exclusion.</summary>
    Safe = 1 << 1,
}
