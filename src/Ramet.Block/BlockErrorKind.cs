namespace Ramet.Block;

/// <summary>
/// Why a block operation failed. Callers match this, never a message. The numbers are stable: they reach the catalog and the API.
/// </summary>
public enum BlockErrorKind
{
    /// <summary>The storage reported an error that has no kind of its own.</summary>
    Io = 1,

    /// <summary>No such file or folder.</summary>
    NotFound = 2,

    /// <summary>Something else already has this name.</summary>
    AlreadyExists = 3,

    /// <summary>The process may not do this to the file.</summary>
    AccessDenied = 4,

    /// <summary>The file system or a quota is full.</summary>
    NoSpace = 5,

    /// <summary>Another process holds the image in a way that excludes this use.</summary>
    Locked = 6,

    /// <summary>The range asked for is not inside the device.</summary>
    OutOfRange = 7,

    /// <summary>The device was opened for reading only.</summary>
    ReadOnly = 8,

    /// <summary>The file is not of the format it is declared to be.</summary>
    WrongFormat = 20,

    /// <summary>A number in the metadata breaks the format's rules.</summary>
    Malformed = 21,

    /// <summary>Metadata points beyond the end of the file.</summary>
    Truncated = 22,

    /// <summary>The image needs a feature that is not known here.</summary>
    UnsupportedFeature = 23,

    /// <summary>The image is encrypted.</summary>
    Encrypted = 24,

    /// <summary>The image carries the mark that its metadata is damaged.</summary>
    MarkedCorrupt = 25,

    /// <summary>The image would need more memory or work than a well-formed one can.</summary>
    OverBudget = 26,

    /// <summary>The image names a backing file where none is allowed, or one outside the allowed folders.</summary>
    BackingRefused = 40,

    /// <summary>The image keeps its data in another file, which the caller did not allow.</summary>
    DataFileRefused = 41,

    /// <summary>The backing file's format is not declared; formats are never guessed.</summary>
    FormatUndeclared = 42,

    /// <summary>The chain is deeper than allowed, or closes on itself.</summary>
    ChainTooDeep = 43,

    /// <summary>The chain found in the headers is not the one that was declared.</summary>
    ChainMismatch = 44,

    /// <summary>A file declared raw starts like a structured image, or a whole disk of another kind.</summary>
    SuspiciousContent = 45,
}
