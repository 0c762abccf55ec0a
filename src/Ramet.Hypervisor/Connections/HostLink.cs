using System.Collections.Concurrent;
using System.Threading.Channels;
using Ramet.Core.Errors;
using Ramet.Libvirt;

namespace Ramet.Hypervisor.Connections;

/// <summary>Which calls may wait for which: each lane has threads, and but for the first connections, of its own.</summary>
internal enum Lane
{
    /// <summary>Calls that take a millisecond, on the main connection.</summary>
    Control,

    /// <summary>Define, undefine, start, destroy: as many as the daemon gains from (4 measured best on 2 cores).</summary>
    Bulk,

    /// <summary>Calls that wait for a guest's agent, perhaps for seconds.</summary>
    Guest,
}

/// <summary>
/// The connections to one libvirt daemon. One main connection carries the events and is kept up for the life of this object; others are
/// opened when a lane needs them and kept for the next call. They are apart because a daemon reads at most five unanswered
/// requests of one client (libvirtd.conf, max_client_requests): five agent calls to hung guests would hold everything.
/// libvirt calls block, so each runs on a thread of its own, never on the pool's.
/// </summary>
internal sealed class HostLink(string uri, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _control = new(4), _bulk = new(4), _guest = new(8);
    private readonly ConcurrentBag<Connection> _idle = [];
    private volatile Connection? _main;
    private volatile RametException? _lastFailure;

    /// <summary>How many bulk calls run at a time.</summary>
    public const int BulkWidth = 4;

    /// <summary>
    /// Connects, runs <paramref name="session"/> with the connection and its events (complete from before the session starts until the
    /// connection is lost), and does so again with a growing delay until cancelled.
    /// </summary>
    /// <param name="session">Ends by itself when the events end.</param>
    /// <param name="ended">Called after each attempt or session with what ended it; null when the daemon just went away.</param>
    public async Task RunAsync(
        Func<Connection, ChannelReader<DomainEvent>, CancellationToken, Task> session, Action<RametException?> ended, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.Zero;
        while (!cancellationToken.IsCancellationRequested)
        {
            RametException? failure = null;
            try
            {
                var events = Channel.CreateUnbounded<DomainEvent>(new UnboundedChannelOptions { SingleReader = true });
                using var connection = await OnThread(() => Open(events.Writer));
                _main = connection;
                delay = TimeSpan.Zero;
                await using var stop = cancellationToken.Register(connection.Dispose);
                await session(connection, events.Reader, cancellationToken);
            }
            catch (LibvirtException e)
            {
                failure = HypervisorErrors.Translate(e, $"talk to libvirt at {uri}", uri);
            }
            catch (RametException e)
            {
                failure = e;
            }
            catch (Exception e) when (cancellationToken.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
            {
                // Stopping.
            }
            catch (Exception e)
            {
                // Nobody awaits this loop: what ends a session has to be seen, and the host tried again.
                failure = new RametException(
                    e is IOException or UnauthorizedAccessException ? ErrorKind.InputOutput : ErrorKind.Internal,
                    $"cannot work with libvirt at {uri}: {e.Message}", null, uri, inner: e);
            }

            _main = null;
            _lastFailure = failure;
            DropIdle();
            ended(failure);
            delay = delay == TimeSpan.Zero ? FirstDelay : delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs blocking libvirt calls on a thread and connection of the lane; errors come out as <see cref="RametException"/>.</summary>
    /// <param name="tried">What is tried, to follow "cannot".</param>
    public async Task<T> CallAsync<T>(Lane lane, string tried, Func<Connection, T> work, CancellationToken cancellationToken)
    {
        var slots = lane switch { Lane.Control => _control, Lane.Bulk => _bulk, _ => _guest };
        await slots.WaitAsync(cancellationToken);
        try
        {
            return await OnThread(() => lane == Lane.Control ? work(Main) : WithRented(work));
        }
        catch (LibvirtException e)
        {
            throw HypervisorErrors.Translate(e, tried);
        }
        catch (ObjectDisposedException) when (_main is null)
        {
            throw HypervisorErrors.NotConnected(uri, null);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>For after <see cref="RunAsync"/>. The semaphores hold nothing, and calls on their way still release them.</summary>
    public void Dispose() => DropIdle();

    private Connection Main => _main ?? throw HypervisorErrors.NotConnected(uri, _lastFailure?.Message);

    private Connection Open(ChannelWriter<DomainEvent> events)
    {
        var connection = Connection.Open(uri);
        try
        {
            connection.SubscribeDomainEvents(events);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private T WithRented<T>(Func<Connection, T> work)
    {
        // Without the main connection there are no events, and most of what runs here waits for some.
        _ = Main;
        var connection = Rent();
        try
        {
            return work(connection);
        }
        finally
        {
            if (_main is not null && !connection.Closed.IsCompleted)
                _idle.Add(connection);
            else
                connection.Dispose();
        }
    }

    private Connection Rent()
    {
        while (_idle.TryTake(out var idle))
        {
            if (!idle.Closed.IsCompleted)
                return idle;
            idle.Dispose();
        }

        return Connection.Open(uri);
    }

    private void DropIdle()
    {
        while (_idle.TryTake(out var idle))
            idle.Dispose();
    }

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
