using System.Net.ServerSentEvents;
using System.Text.Json;
using Ramet.Contracts;

namespace Ramet.Server.Tests.Harness;

/// <summary>Reads a stream of server-sent events.</summary>
internal sealed class EventReader(HttpResponseMessage answer, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns once the server listens on its side: what happens from then on is not missed.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient client, string query = "", long? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Events + query);
        if (after is { } id)
            request.Headers.Add("Last-Event-ID", id.ToString());
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var items = SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        return new EventReader(answer, items);
    }

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<Event?> NextAsync()
    {
        if (!await items.MoveNextAsync().AsTask().WaitAsync(Patience))
            return null;
        var happened = JsonSerializer.Deserialize(items.Current.Data, RametJson.Default.Event)!;
        Assert.Equal(happened.Id.ToString(), items.Current.EventId);
        return happened;
    }

    public async ValueTask DisposeAsync()
    {
        answer.Dispose();
        try
        {
            await items.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // In the middle of a step, which the closed connection ends.
        }
    }
}
