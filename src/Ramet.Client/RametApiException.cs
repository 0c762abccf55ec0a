using Ramet.Contracts;

namespace Ramet.Client;

/// <summary>
/// A call that failed, with the problem document that says why: the server's own, or one made here for what never reached it.
/// Match <see cref="Kind"/>, never the text.
/// </summary>
public sealed class RametApiException(Problem problem, Exception? inner = null) : Exception(problem.Title, inner)
{
    /// <summary>Kind: no server answered, or it went away in the middle of an answer.</summary>
    public const string ServerUnreachable = "serverUnreachable";

    /// <summary>Kind: the server's certificate is not trusted, or there is no TLS at that address.</summary>
    public const string TlsFailure = "tlsFailure";

    /// <summary>Kind: something answered that is not a Ramet server of this version.</summary>
    public const string UnexpectedAnswer = "unexpectedAnswer";

    public Problem Problem { get; } = problem;

    public string Kind => Problem.Kind;

    /// <summary>A problem that was found on this side; its status is 0.</summary>
    public static RametApiException Local(
        string kind, string title, string? @object = null, string? remedy = null, Exception? inner = null, params IReadOnlyList<string> details) =>
        new(new Problem("about:blank", title, 0, kind, @object, remedy, details), inner);
}
