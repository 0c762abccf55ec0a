using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ramet.Client.Transport;
using Ramet.Contracts;

namespace Ramet.Client;

/// <content>Live events (server-sent events, HTML standard section 9.2).</content>
public sealed partial class RametClient
{
    /// <summary>
    /// Events as they happen. A connection that breaks is made again and goes on after the last event that was seen; the
    /// first one has to succeed.
    /// </summary>
    /// <param name="operation">Only those of this operation.</param>
    /// <param name="afterId">Only later ones; those that the server still keeps come first.</param>
    /// <param name="patience">How long a server may be away before it is given up.</param>
    /// <param name="away">Called when it goes away (with the reason) and when it is back (with null).</param>
    public async IAsyncEnumerable<Event> WatchEventsAsync(
        Guid? operation, long? afterId, TimeSpan patience, Action<RametApiException?>? away,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var absence = new Absence(_time, patience, away, connected: false);
        var last = afterId?.ToString();
        while (true)
        {
            var stream = await OpenEventsAsync(operation, last, absence, cancellationToken);
            if (stream is null)
                continue;

            await using (stream)
            {
                absence.Over();
                await using var events = ReadEventsAsync(stream, cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (true)
                {
                    try
                    {
                        if (!await events.MoveNextAsync())
                            throw new IOException("the stream of events ended");
                    }
                    catch (Exception e) when (e is HttpRequestException or IOException)
                    {
                        await absence.WaitAsync(ConnectionProblem.Broken(e, _endpoint), cancellationToken);
                        break;
                    }

                    last = events.Current.Id.ToString();
                    yield return events.Current;
                }
            }
        }
    }

    /// <summary>Null when the server is away and it is time to try again.</summary>
    private async Task<Stream?> OpenEventsAsync(Guid? operation, string? last, Absence absence, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Query(Routes.Events, ("operation", operation?.ToString())));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await response.Content.ReadAsStreamAsync(cancellationToken);
        }
        catch (RametApiException e) when (e.Kind == RametApiException.ServerUnreachable)
        {
            await absence.WaitAsync(e, cancellationToken);
            return null;
        }
    }

    /// <summary>Comments and events that are no documents of ours (a newer server's) are passed over.</summary>
    private static async IAsyncEnumerable<Event> ReadEventsAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = SseParser.Create(stream, (_, data) => Parse(data));
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            if (item.Data is { } read)
                yield return read;
        }
    }

    private static Event? Parse(ReadOnlySpan<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, RametJson.Default.Event) is { Kind: not null, Object: not null, Data: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
