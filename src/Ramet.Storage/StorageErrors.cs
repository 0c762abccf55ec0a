using Ramet.Block;
using Ramet.Core.Errors;

namespace Ramet.Storage;

/// <summary>The one place that turns what the block engine and the file system report into Ramet's errors.</summary>
internal static class StorageErrors
{
    // errno values, which .NET's IOException carries as its HResult on Linux.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Null when the exception is none of the storage's.</summary>
    public static RametException? Translate(Exception exception) => exception switch
    {
        BlockException block => Translate(block),
        FileNotFoundException or DirectoryNotFoundException => new(ErrorKind.NotFound, exception.Message, inner: exception),
        UnauthorizedAccessException => new(ErrorKind.InputOutput, exception.Message, "Check the owner and mode of the file and of the folders above it.", inner: exception),
        IOException { HResult: NoSpaceLeft or QuotaExceeded } => NoSpace(exception, null),
        IOException => new(ErrorKind.InputOutput, exception.Message, inner: exception),
        _ => null,
    };

    private static RametException Translate(BlockException block)
    {
        var (kind, remedy) = block.Kind switch
        {
            BlockErrorKind.NotFound => (ErrorKind.NotFound, null),
            BlockErrorKind.AlreadyExists => (ErrorKind.AlreadyExists, "Something else made this file: 'ramet doctor' tells whether it belongs to anyone."),
            BlockErrorKind.AccessDenied => (ErrorKind.InputOutput, "Check the owner and mode of the file and of the folders above it."),
            BlockErrorKind.NoSpace => (ErrorKind.NoSpace, NoSpaceRemedy),
            BlockErrorKind.Locked => (ErrorKind.Busy, "Stop the VM or the program that has the image open."),
            BlockErrorKind.WrongFormat => (ErrorKind.InvalidImage, "Say the format that it has: --format qcow2 or --format raw."),
            BlockErrorKind.Truncated => (ErrorKind.InvalidImage, "It was not copied or downloaded whole: fetch it again and compare its checksum."),
            BlockErrorKind.Malformed or BlockErrorKind.MarkedCorrupt or BlockErrorKind.OverBudget => (ErrorKind.InvalidImage, "Fetch it again, or look at it with 'qemu-img check'."),
            BlockErrorKind.UnsupportedFeature => (ErrorKind.InvalidImage, "Convert it with 'qemu-img convert -O qcow2'."),
            BlockErrorKind.Encrypted => (ErrorKind.InvalidImage, "Decrypt it first with 'qemu-img convert'."),
            BlockErrorKind.BackingRefused => (ErrorKind.InvalidImage, "Make it independent first with 'qemu-img convert -O qcow2', on a machine that trusts it."),
            BlockErrorKind.DataFileRefused => (ErrorKind.InvalidImage, "Put its data into one file first with 'qemu-img convert -O qcow2'."),
            BlockErrorKind.FormatUndeclared => (ErrorKind.InvalidImage, "Declare it with 'qemu-img rebase -u -F FORMAT'."),
            BlockErrorKind.ChainTooDeep => (ErrorKind.InvalidImage, "Flatten it first with 'qemu-img convert -O qcow2'."),
            BlockErrorKind.SuspiciousContent => (ErrorKind.InvalidImage, "Say the format that it has, or unpack it first."),
            BlockErrorKind.ChainMismatch => (ErrorKind.LayerChanged, "Somebody changed the image's header: 'ramet doctor --verify' compares the chain."),
            _ => (ErrorKind.InputOutput, (string?)null),
        };
        return kind == ErrorKind.NoSpace ? NoSpace(block, block.Path) : new RametException(kind, block.Message, remedy, block.Path, inner: block);
    }

    private const string NoSpaceRemedy = "Make room in the datastore, or choose another with --datastore; nothing was changed.";

    private static RametException NoSpace(Exception cause, string? path) =>
        new(ErrorKind.NoSpace, cause.Message, NoSpaceRemedy, path, inner: cause);
}
