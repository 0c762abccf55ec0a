using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Ramet.Core.Events;

/// <summary>
/// Publishes events to every watcher of this process and keeps the last ones, so that a watcher that comes back with the
/// id it saw last misses nothing recent. A watcher that does not read loses its oldest events, never stops the others.
/// </summary>
public sealed class EventBus(TimeProvider time)
{
    private const int Kept = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<RametEvent> _recent = new();
    private readonly List<Channel<RametEvent>> _watchers = [];
    private long _lastId;

    public void Publish(string kind, string @object, params ReadOnlySpan<(string Key, string Value)> data)
    {
        var fields = new Dictionary<string, string>(data.Length);
        foreach (var (key, value) in data)
            fields[key] = value;

        lock (_lock)
        {
            var published = new RametEvent(++_lastId, time.GetUtcNow(), kind, @object, fields);
            _recent.Enqueue(published);
            if (_recent.Count > Kept)
                _recent.Dequeue();
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(published);
        }
    }

    /// <summary>Events after <paramref name="afterId"/> that are still kept, then everything as it happens.</summary>
    /// <param name="afterId">Null: only what happens from now on.</param>
    public async IAsyncEnumerable<RametEvent> WatchAsync(long? afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<RametEvent>(new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            if (afterId is { } seen)
            {
                // An id from before a restart of the server is larger than any of ours: everything kept is news then.
                foreach (var kept in _recent.Where(e => e.Id > seen || seen > _lastId))
                    channel.Writer.TryWrite(kept);
            }

            _watchers.Add(channel);
        }

        try
        {
            await foreach (var published in channel.Reader.ReadAllAsync(cancellationToken))
                yield return published;
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(channel);
        }
    }
}
