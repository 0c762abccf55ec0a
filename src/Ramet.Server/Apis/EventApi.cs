using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Core.Events;

namespace Ramet.Server.Apis;

internal static class EventApi
{
    public static void MapEventApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Events, Watch)
            .WithName("WatchEvents").WithTags("Events").WithSummary("Everything that happens, as it happens (server-sent events)")
            .WithDescription(
                "Each event's data is an Event document, its id the event's. `Last-Event-ID` goes on after that event, as far as it is "
                + "still kept (the last 4096). A comment is sent when nothing has happened for 15 seconds.")
            .Produces<Event>(StatusCodes.Status200OK, "text/event-stream");

    private static EventStream Watch(
        EventBus events,
        [Description("Only events of this operation.")] Guid? operation,
        [Description("Only events whose kind is this or begins with it: vm, operation.finished, …")] string? kind,
        [FromHeader(Name = "Last-Event-ID")][Description("Go on after this event.")] string? lastEventId)
    {
        long? after = lastEventId switch
        {
            null or "" => null,
            _ when long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => id,
            _ => throw new RametException(
                ErrorKind.InvalidArgument, $"'{lastEventId}' is not an event's id", "send the id of an event you received", "Last-Event-ID"),
        };
        return new EventStream(events, after, e => IsOf(e, operation) && IsKind(e, kind));
    }

    private static bool IsOf(RametEvent happened, Guid? operation) =>
        operation is not { } id || happened.Object == id.ToString()
        || (happened.Data.TryGetValue("operation", out var named) && named == id.ToString());

    private static bool IsKind(RametEvent happened, string? kind) =>
        string.IsNullOrEmpty(kind) || happened.Kind == kind
        || happened.Kind.StartsWith(kind.EndsWith('.') ? kind : kind + ".", StringComparison.Ordinal);
}
