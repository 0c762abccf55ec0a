using System.Collections.Concurrent;
using System.Threading.Channels;
using Ramet.Core.Hosts;

namespace Ramet.Hypervisor.States;

/// <summary>Hands every event to every subscriber's own unbounded queue.</summary>
internal sealed class EventHub
{
    private readonly ConcurrentDictionary<Channel<HypervisorEvent>, bool> _subscribers = new();

    public void Publish(HypervisorEvent happened)
    {
        foreach (var subscriber in _subscribers.Keys)
            subscriber.Writer.TryWrite(happened);
    }

    /// <summary>Counts from this call on, not from the first read; ends with the token or with <see cref="Complete"/>.</summary>
    public IAsyncEnumerable<HypervisorEvent> Subscribe(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<HypervisorEvent>(new UnboundedChannelOptions { SingleReader = true });
        _subscribers[channel] = true;
        cancellationToken.Register(() => _subscribers.TryRemove(channel, out _));
        return channel.Reader.ReadAllAsync(cancellationToken);
    }

    public void Complete()
    {
        foreach (var subscriber in _subscribers.Keys)
            subscriber.Writer.TryComplete();
    }
}
