namespace Ramet.Core.Events;

/// <summary>Something that happened, for whoever watches.</summary>
/// <param name="Id">Ascending from 1 since the server started.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Dotted words: "vm.created", "vm.state", "operation.progress", "host.connected", …</param>
/// <param name="Object">The object's name, or an operation's id.</param>
/// <param name="Data">Further fields; values are strings so that every consumer can show them.</param>
public sealed record RametEvent(long Id, DateTimeOffset At, string Kind, string Object, IReadOnlyDictionary<string, string> Data);
