using System.Net.WebSockets;
using Ramet.Cli.Hosting;

namespace Ramet.Cli.Console;

/// <summary>Why a console ended.</summary>
internal enum ConsoleEnd
{
    /// <summary>The user left, or the piped input ended.</summary>
    Left,
    /// <summary>The server closed it: the VM stopped, or somebody took it.</summary>
    Closed,
}

/// <summary>Bytes between the terminal (or pipes) and a VM's console.</summary>
internal sealed class ConsoleSession(WebSocket socket, Stream input, Stream output, bool interactive, TimeSpan linger, TimeProvider time)
{
    /// <summary>Ctrl-], as telnet and virsh have it.</summary>
    private const byte LeaveKey = 0x1d;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private long _lastHeard = time.GetTimestamp();

    public async Task<ConsoleEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Reading a terminal cannot be cancelled: that task is left behind when the guest's side ends first.
        var leaving = Task.Run(() => SendAsync(stop.Token), CancellationToken.None);
        var closed = ReceiveAsync(stop.Token);
        try
        {
            var first = await Task.WhenAny(leaving, closed).WaitAsync(cancellationToken);
            await first;
            if (first == closed)
                return ConsoleEnd.Closed;
            await SayGoodbyeAsync(closed);
            return ConsoleEnd.Left;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        int length;
        while ((length = await input.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var typed = buffer.AsMemory(0, length);
            var leave = interactive ? typed.Span.IndexOf(LeaveKey) : -1;
            if (leave >= 0)
                typed = typed[..leave];
            if (typed.Length > 0)
                await socket.SendAsync(typed, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            if (leave >= 0)
                return;
        }

        await LingerAsync(cancellationToken);
    }

    /// <summary>The input has ended; what was sent has still to be answered.</summary>
    private async Task LingerAsync(CancellationToken cancellationToken)
    {
        if (linger <= TimeSpan.Zero)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        Volatile.Write(ref _lastHeard, time.GetTimestamp());
        TimeSpan left;
        while ((left = linger - time.GetElapsedTime(Volatile.Read(ref _lastHeard))) > TimeSpan.Zero)
            await Task.Delay(left, time, cancellationToken);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16384];
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            }
            catch (WebSocketException)
            {
                // Broken off without a farewell, as when the server is killed.
                return;
            }

            if (received.MessageType == WebSocketMessageType.Close)
                return;
            Volatile.Write(ref _lastHeard, time.GetTimestamp());
            await output.WriteAsync(buffer.AsMemory(0, received.Count), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
    }

    private async Task SayGoodbyeAsync(Task closed)
    {
        try
        {
            using var patience = new CancellationTokenSource(CloseTimeout, time);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            await closed.WaitAsync(CloseTimeout, time);
        }
        catch (Exception e) when (e is WebSocketException or TimeoutException or OperationCanceledException)
        {
            // It will notice that we have gone.
        }
    }
}
