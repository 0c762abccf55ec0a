using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Ramet.Hypervisor.States;

/// <summary>Hands every event to every subscriber's own unbounded queue.</summary>
internal sealed class EventHub<T>
{
    private readonly ConcurrentDictionary<Channel<T>, bool> _subscribers = new();

    public void Publish(T happened)
    {
        foreach (var subscriber in _subscribers.Keys)
            subscriber.Writer.TryWrite(happened);
    }

    /// <summary>Counts from this call on, not from the first read; ends with the token or with <see cref="Complete"/>.</summary>
    public IAsyncEnumerable<T> Subscribe(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
        _subscribers[channel] = true;
        cancellationToken.Register(() => _subscribers.TryRemove(channel, out _));
        return channel.Reader.ReadAllAsync(cancellationToken);
    }

    /// <summary>Ends all present subscriptions, with an error or without; later ones are new.</summary>
    public void Complete(Exception? error = null)
    {
        foreach (var subscriber in _subscribers.Keys)
        {
            if (_subscribers.TryRemove(subscriber, out _))
                subscriber.Writer.TryComplete(error);
        }
    }
}
