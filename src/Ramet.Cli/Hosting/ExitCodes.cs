namespace Ramet.Cli.Hosting;

/// <summary>The exit code of each kind of error: one table, which docs/cli.md shows. Codes never change their meaning.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Also: the doctor found something.</summary>
    public const int Failure = 1;

    public const int Usage = 2;

    public const int NotFound = 3;

    public const int Cancelled = 17;

    public const int Timeout = 18;

    /// <summary>128 + SIGINT, as shells have it: left by Ctrl-C; an operation that was begun goes on.</summary>
    public const int Interrupted = 130;

    public static IReadOnlyList<(int Code, string Kind, string Meaning)> Table { get; } =
    [
        (Success, "", "It was done (with `--no-wait`: begun)."),
        (Failure, "internal", "A defect of Ramet, or a kind that this CLI does not know. `ramet doctor`: something is not as it should be."),
        (Usage, "invalidArgument", "The command line or a value in it makes no sense."),
        (NotFound, "notFound", "There is no such object."),
        (4, "alreadyExists", "The name is taken."),
        (5, "hasDependents", "Something depends on the object; the error lists it."),
        (6, "busy", "Another operation works on the object."),
        (7, "invalidState", "The object is in a state in which this cannot be done."),
        (8, "invalidImage", "A disk image is malformed, truncated, hostile, or not of the declared format."),
        (9, "checksumMismatch", "The bytes do not have the checksum that was asked for."),
        (10, "layerChanged", "A sealed layer is not what it was when it was sealed."),
        (11, "noSpace", "The datastore or the state folder is full."),
        (12, "hostUnavailable", "libvirt cannot be reached."),
        (13, "hypervisorFailure", "libvirt or QEMU refused."),
        (14, "guestAgentUnavailable", "The guest agent did not answer."),
        (15, "unauthenticated", "The token is missing, unknown, revoked or expired."),
        (16, "permissionDenied", "The caller may not do this."),
        (Cancelled, "cancelled", "It was cancelled and rolled back, or not confirmed."),
        (Timeout, "timeout", "It took longer than was allowed."),
        (19, "downloadFailed", "The source of a download did not answer or broke off."),
        (20, "inputOutput", "Reading or writing a file failed."),
        (21, "interrupted", "The server was stopped in the middle; what had been done was rolled back."),
        (22, "unsupported", "This version, host or format cannot do it."),
        (30, "serverUnreachable", "No server answers, or it went away and did not come back."),
        (31, "tlsFailure", "The server's certificate is not trusted, or there is no TLS at that address."),
        (32, "unexpectedAnswer", "Something answered that is not a Ramet server of this version."),
        (Interrupted, "", "Left by Ctrl-C; an operation that was begun goes on."),
    ];

    /// <summary>The exit code of a problem's kind.</summary>
    public static int Of(string kind)
    {
        foreach (var (code, known, _) in Table)
        {
            if (known.Length > 0 && known == kind)
                return code;
        }

        return Failure;
    }
}
