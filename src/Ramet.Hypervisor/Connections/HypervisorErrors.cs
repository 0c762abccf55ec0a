using Ramet.Core.Errors;
using Ramet.Libvirt;

namespace Ramet.Hypervisor.Connections;

/// <summary>libvirt's errors as errors that a user can act on. The one table of it.</summary>
internal static class HypervisorErrors
{
    public static RametException Translate(LibvirtException error, string tried, string? subject = null)
    {
        var (kind, remedy) = error.Kind switch
        {
            LibvirtErrorKind.LibraryMissing => (ErrorKind.HostUnavailable, "Install libvirt: apt-get install libvirt-daemon-system"),
            LibvirtErrorKind.Disconnected => (ErrorKind.HostUnavailable, Reconnects),
            LibvirtErrorKind.NotFound => (ErrorKind.NotFound, null),
            LibvirtErrorKind.AlreadyExists => (ErrorKind.AlreadyExists, null),
            LibvirtErrorKind.InvalidState => (ErrorKind.InvalidState, null),
            LibvirtErrorKind.AgentUnavailable => (ErrorKind.GuestAgentUnavailable, "Install and start qemu-guest-agent in the guest"),
            LibvirtErrorKind.Busy => (ErrorKind.Busy, "Wait for the domain's running job, then try again"),
            LibvirtErrorKind.Timeout => (ErrorKind.Timeout, (string?)"Another job holds the domain; try again"),
            LibvirtErrorKind.Denied => (ErrorKind.PermissionDenied, "Let the server's user use libvirt: root, or a member of group libvirt"),
            _ => (ErrorKind.HypervisorFailure, null),
        };
        return new RametException(kind, $"cannot {tried}: {error.Reason}", remedy, subject ?? error.Subject, [$"{error.Function}, libvirt error {error.Code}"], error);
    }

    public static RametException NotConnected(string uri, string? reason) =>
        new(ErrorKind.HostUnavailable, $"libvirt at {uri} cannot be reached{(reason is null ? "" : ": " + reason)}", Reconnects, uri);

    public static RametException NoDomain(string nameOrId) =>
        new(ErrorKind.NotFound, $"libvirt has no domain {nameOrId}", null, nameOrId);

    private const string Reconnects = "Start libvirtd (systemctl start libvirtd); the server reconnects by itself";
}
