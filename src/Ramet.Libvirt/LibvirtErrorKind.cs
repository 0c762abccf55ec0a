namespace Ramet.Libvirt;

/// <summary>What a libvirt error means to a caller. Stable: callers match this, never the text.</summary>
public enum LibvirtErrorKind
{
    /// <summary>Anything that no other kind names; <see cref="LibvirtException.Code"/> tells more.</summary>
    Failed,

    /// <summary>libvirt.so.0 is not installed.</summary>
    LibraryMissing,

    /// <summary>The daemon cannot be reached, or the connection broke: open a new one.</summary>
    Disconnected,

    /// <summary>No such domain, network, device or metadata.</summary>
    NotFound,

    /// <summary>The object exists already.</summary>
    AlreadyExists,

    /// <summary>Not valid in the object's present state, e.g. starting what runs.</summary>
    InvalidState,

    /// <summary>XML or arguments that libvirt refuses.</summary>
    InvalidInput,

    /// <summary>The driver, the hypervisor or its version cannot do it.</summary>
    Unsupported,

    /// <summary>The guest agent is not there or does not answer.</summary>
    AgentUnavailable,

    /// <summary>Another job holds the object.</summary>
    Busy,

    /// <summary>The daemon gave up waiting.</summary>
    Timeout,

    /// <summary>Somebody cancelled the work.</summary>
    Aborted,

    /// <summary>Authentication or authorisation failed.</summary>
    Denied,
}

internal static class LibvirtErrorKinds
{
    /// <summary>VIR_FROM_RPC and VIR_FROM_REMOTE: the transport, not the object.</summary>
    private const int FromRpc = 7, FromRemote = 13;

    /// <summary>virErrorNumber to kind; see virterror.h for the numbers.</summary>
    public static LibvirtErrorKind From(int code, int domain) => code switch
    {
        // A socket that breaks during a call is reported as a system or internal error *of the transport*.
        1 or 38 or 39 when domain is FromRpc or FromRemote => LibvirtErrorKind.Disconnected,
        5 or 6 => LibvirtErrorKind.Disconnected, // NO_CONNECT, INVALID_CONN
        42 or 43 or 47 or 50 or 53 or 57 or 62 or 66 or 72 or 80 or 99 or 101 or 103 or 104 or 107 => LibvirtErrorKind.NotFound,
        28 or 37 or 90 or 106 => LibvirtErrorKind.AlreadyExists,
        55 => LibvirtErrorKind.InvalidState, // OPERATION_INVALID
        8 or 27 or 35 or 44 or 92 => LibvirtErrorKind.InvalidInput, // INVALID_ARG, XML_ERROR, XML_DETAIL, INVALID_MAC, XML_INVALID_SCHEMA
        3 or 67 or 74 or 84 => LibvirtErrorKind.Unsupported, // NO_SUPPORT, CONFIG_, ARGUMENT_, OPERATION_UNSUPPORTED
        86 or 97 => LibvirtErrorKind.AgentUnavailable, // AGENT_UNRESPONSIVE, AGENT_UNSYNCED
        83 or 87 => LibvirtErrorKind.Busy, // BLOCK_COPY_ACTIVE, RESOURCE_BUSY
        68 => LibvirtErrorKind.Timeout,
        78 => LibvirtErrorKind.Aborted,
        29 or 45 or 79 or 88 or 94 => LibvirtErrorKind.Denied, // OPERATION_DENIED, AUTH_*, ACCESS_DENIED
        _ => LibvirtErrorKind.Failed,
    };
}
