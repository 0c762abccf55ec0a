namespace Ramet.Contracts;

/// <summary>Every error answer (RFC 9457, application/problem+json), with Ramet's own fields.</summary>
/// <param name="Title">What was tried and why it failed.</param>
/// <param name="Kind">Stable word to match on, such as "hasDependents".</param>
/// <param name="Object">What it is about; null when nothing in particular.</param>
/// <param name="Remedy">What to do next.</param>
/// <param name="Details">Further lines, such as the dependents.</param>
public sealed record Problem(
    string Type, string Title, int Status, string Kind, string? Object, string? Remedy, IReadOnlyList<string> Details);
