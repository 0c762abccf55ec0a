namespace Ramet.Core.Hosts;

/// <summary>A domain's state as libvirt tells it (virDomainState); never persisted.</summary>
public enum PowerState
{
    /// <summary>The host is not connected, or libvirt has no such domain.</summary>
    Unknown = 0,
    Running = 1,
    Paused = 2,
    /// <summary>Shutting down.</summary>
    Stopping = 3,
    Stopped = 4,
    Crashed = 5,
    /// <summary>Suspended by the guest's own power management.</summary>
    Suspended = 6,
}
