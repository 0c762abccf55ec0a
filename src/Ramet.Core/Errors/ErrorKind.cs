namespace Ramet.Core.Errors;

/// <summary>
/// What went wrong, as a stable word: part of the API ("kind" of every problem document), of the CLI's exit codes and of
/// the catalog. Values are persisted: never renumber, never reuse; a test freezes them.
/// </summary>
public enum ErrorKind
{
    /// <summary>A defect of Ramet itself.</summary>
    Internal = 0,
    /// <summary>A request whose fields do not make sense.</summary>
    InvalidArgument = 1,
    /// <summary>The named object is not in the catalog (or not in libvirt, for adopt).</summary>
    NotFound = 2,
    /// <summary>The name is taken.</summary>
    AlreadyExists = 3,
    /// <summary>Something depends on the object; the error lists it.</summary>
    HasDependents = 4,
    /// <summary>Another operation works on the object.</summary>
    Busy = 5,
    /// <summary>The object is in a state in which this cannot be done.</summary>
    InvalidState = 6,
    /// <summary>A disk image that is malformed, truncated, hostile, or not of the declared format.</summary>
    InvalidImage = 7,
    /// <summary>The bytes do not have the checksum that was asked for.</summary>
    ChecksumMismatch = 8,
    /// <summary>A sealed layer is not what it was when it was sealed.</summary>
    LayerChanged = 9,
    /// <summary>The datastore or the state folder is full.</summary>
    NoSpace = 10,
    /// <summary>libvirt cannot be reached.</summary>
    HostUnavailable = 11,
    /// <summary>libvirt or QEMU refused.</summary>
    HypervisorFailure = 12,
    /// <summary>The guest agent did not answer.</summary>
    GuestAgentUnavailable = 13,
    /// <summary>Who calls could not be established.</summary>
    Unauthenticated = 14,
    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 15,
    /// <summary>The operation was cancelled.</summary>
    Cancelled = 16,
    /// <summary>It took longer than was allowed.</summary>
    Timeout = 17,
    /// <summary>The source of a download did not answer or broke off.</summary>
    DownloadFailed = 18,
    /// <summary>Reading or writing a file failed for another reason than space.</summary>
    InputOutput = 19,
    /// <summary>The server was stopped in the middle; what had been done was rolled back.</summary>
    Interrupted = 20,
    /// <summary>This version, host or format cannot do it.</summary>
    Unsupported = 21,
}
