using System.Globalization;
using System.Text;
using System.Text.Json;
using Ramet.Contracts;
using Ramet.Core.Events;

namespace Ramet.Server.Apis;

/// <summary>
/// An endless answer of server-sent events (WHATWG HTML, "Server-sent events"). Written here rather than by the framework's
/// result, which cannot send the comments that keep a quiet connection alive. Ends when the caller goes or the server stops.
/// </summary>
internal sealed class EventStream(EventBus events, long? after, Func<RametEvent, bool> wanted) : IResult
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var time = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        var lifetime = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";

        await using var watch = events.WatchAsync(after, ending.Token).GetAsyncEnumerator(ending.Token);
        // Asked before the answer begins: a caller that has seen its head misses nothing from then on.
        var next = watch.MoveNextAsync().AsTask();
        try
        {
            await response.Body.WriteAsync(Comment, ending.Token);
            while (true)
            {
                if (!next.IsCompleted)
                    await response.Body.FlushAsync(ending.Token);
                try
                {
                    if (!await next.WaitAsync(Heartbeat, time, ending.Token))
                        return;
                }
                catch (TimeoutException)
                {
                    await response.Body.WriteAsync(Comment, ending.Token);
                    continue;
                }

                if (wanted(watch.Current))
                    await response.Body.WriteAsync(Format(watch.Current), ending.Token);
                next = watch.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The caller is gone, or the server stops: both are how this answer ends.
        }
        finally
        {
            // The enumerator may not be disposed of in the middle of a step.
            await ending.CancelAsync();
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static byte[] Format(RametEvent happened)
    {
        var json = JsonSerializer.Serialize(
            new Event(happened.Id, happened.At, happened.Kind, happened.Object, happened.Data), ApiJson.Context.Event);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {happened.Id}\ndata: {json}\n\n"));
    }
}
