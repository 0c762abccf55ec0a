namespace Ramet.Cli.Hosting;

/// <summary>
/// Ctrl-C. Whoever waits for something that can be cancelled takes it with <see cref="Handle"/>; otherwise the first one ends
/// the command, and one more ends the process.
/// </summary>
internal sealed class Interrupts(Action whenInsisted) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Action? _handler;

    /// <summary>Cancelled when the command is to end.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Until disposed, every Ctrl-C goes to the handler instead.</summary>
    public IDisposable Handle(Action handler)
    {
        lock (_lock)
            _handler = handler;
        return new Release(this);
    }

    /// <summary>Ctrl-C was pressed.</summary>
    public void Raise()
    {
        Action? handler;
        lock (_lock)
            handler = _handler;
        if (handler is not null)
            handler();
        else if (_stop.IsCancellationRequested)
            whenInsisted();
        else
            _stop.Cancel();
    }

    /// <summary>SIGTERM: end at once, in order; what the server does goes on.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    private sealed class Release(Interrupts owner) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
                owner._handler = null;
        }
    }
}
