using System.Net.WebSockets;
using Ramet.Core.Errors;

namespace Ramet.Server.Apis;

/// <summary>
/// Carries bytes between a console and a WebSocket until one of them ends or the server stops; then says why in a close
/// frame and gives the other side a moment to answer it. Cancelling a WebSocket's read or write breaks it without a close
/// frame, so that these are only cancelled when that moment is over.
/// </summary>
internal sealed class ConsoleBridge(Stream console, WebSocket socket, TimeProvider time)
{
    private const int BufferSize = 8192;
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    /// <param name="stopping">The server stops.</param>
    /// <param name="aborted">The caller is gone.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        using var breaking = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var broken = aborted.UnsafeRegister(static b => ((CancellationTokenSource)b!).Cancel(), breaking);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stopping, breaking.Token);

        var fromGuest = SendAsync(reading.Token, breaking.Token);
        var toGuest = ReceiveAsync(breaking.Token);
        var ended = await Task.WhenAny(fromGuest, toGuest);
        await reading.CancelAsync();
        breaking.CancelAfter(CloseWithin);
        await Quietly(fromGuest);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            var (status, text) = stopping.IsCancellationRequested ? (WebSocketCloseStatus.EndpointUnavailable, "the server stops")
                : ended == fromGuest ? (WebSocketCloseStatus.NormalClosure, "the console ended: the VM is off, or somebody took the console")
                : (WebSocketCloseStatus.NormalClosure, "");
            await Quietly(socket.CloseOutputAsync(status, text, breaking.Token));
        }

        await Quietly(toGuest);
    }

    /// <summary>Ends when the guest is off, or somebody took the console.</summary>
    private async Task SendAsync(CancellationToken reading, CancellationToken breaking)
    {
        var buffer = new byte[BufferSize];
        while (await console.ReadAsync(buffer, reading) is > 0 and var read)
            await socket.SendAsync(buffer.AsMemory(0, read), WebSocketMessageType.Binary, endOfMessage: true, breaking);
    }

    /// <summary>Ends when the caller closes.</summary>
    private async Task ReceiveAsync(CancellationToken breaking)
    {
        var buffer = new byte[BufferSize];
        while (await socket.ReceiveAsync(buffer.AsMemory(), breaking) is { MessageType: not WebSocketMessageType.Close } frame)
        {
            await console.WriteAsync(buffer.AsMemory(0, frame.Count), breaking);
            await console.FlushAsync(breaking);
        }
    }

    /// <summary>One way has ended; how the other ends because of that is no news.</summary>
    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or RametException
            or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}
