namespace Ramet.Core.Errors;

/// <summary>
/// An error that a user can act on: a stable <see cref="Kind"/>, the object it is about, and what to do next. Callers match
/// the kind, never the text.
/// </summary>
public sealed class RametException : Exception
{
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What was tried, on which object, and why it failed; a full sentence without a final full stop.</param>
    /// <param name="remedy">What to do next; null where the message says it all.</param>
    /// <param name="object">The object's name as the user knows it ("debian12@v1", "/srv/a.qcow2").</param>
    /// <param name="details">Further lines, such as the list of dependents.</param>
    /// <param name="inner">The cause.</param>
    public RametException(
        ErrorKind kind, string message, string? remedy = null, string? @object = null,
        IReadOnlyList<string>? details = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Remedy = remedy;
        Object = @object;
        Details = details ?? [];
    }

    public ErrorKind Kind { get; }

    public string? Remedy { get; }

    public string? Object { get; }

    public IReadOnlyList<string> Details { get; }
}
