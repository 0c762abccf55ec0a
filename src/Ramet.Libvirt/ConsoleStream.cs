using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <summary>
/// A guest's console: bytes both ways over a virStream. Reads return 0 when the daemon ended the stream and throw
/// <see cref="IOException"/> (with the <see cref="LibvirtException"/> inside) when it broke: the guest is gone, somebody took the console by force. One reader and one writer at a time.
///
/// Design. The virStream is non-blocking. When it is readable the event loop's thread drains it into a pipe: that only takes what
/// the connection has received already, and not taking it would pile it up inside libvirt. A reader that falls too far behind
/// therefore loses the console with an error instead of this process its memory. Sends happen on the writer's thread.
/// The gate covers every use of the handle against <see cref="Dispose(bool)"/>; libvirt runs callbacks without holding its
/// stream lock, so holding the gate while calling libvirt cannot deadlock.
/// </summary>
public sealed class ConsoleStream : Stream
{
    private const int ChunkBytes = 4096, UnreadLimitBytes = 4 * 1024 * 1024;

    private readonly StreamHandle _handle;
    private readonly string _subject;
    private readonly Lock _gate = new();
    private readonly Pipe _received = new(new PipeOptions(pauseWriterThreshold: UnreadLimitBytes, resumeWriterThreshold: UnreadLimitBytes / 2));
    private TaskCompletionSource? _writable;
    private bool _watching;
    private bool _disposed;

    internal unsafe ConsoleStream(StreamHandle handle, string subject)
    {
        _handle = handle;
        _subject = subject;
        var state = CallbackState.Create(this);
        if (VirStream.virStreamEventAddCallback(_handle, VirStream.Readable, &OnReady, state, &CallbackState.Free) < 0)
        {
            var error = LibvirtException.Last(nameof(VirStream.virStreamEventAddCallback), _subject);
            CallbackState.Release(state);
            _handle.Dispose();
            throw error;
        }

        _watching = true;
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        var result = await _received.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var available = result.Buffer.Slice(0, Math.Min(buffer.Length, result.Buffer.Length));
        var count = 0;
        foreach (var segment in available)
        {
            segment.CopyTo(buffer[count..]);
            count += segment.Length;
        }

        _received.Reader.AdvanceTo(available.End);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (sent, ready) = Send(buffer.Span);
            buffer = buffer[sent..];
            if (ready is not null)
                await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                if (_disposed)
                    return;
                _disposed = true;
                StopWatching();
                // Abort, not finish: finish waits for the guest's side. It fails on a stream that ended, which is fine.
                _ = VirStream.virStreamAbort(_handle);
                _handle.Dispose();
                _writable?.TrySetException(new ObjectDisposedException(nameof(ConsoleStream)));
            }

            _received.Writer.Complete();
        }

        base.Dispose(disposing);
    }

    private unsafe (int Sent, Task? Ready) Send(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int sent;
            fixed (byte* p = data)
                sent = VirStream.virStreamSend(_handle, p, (nuint)data.Length);
            if (sent >= 0)
                return (sent, null);
            if (sent != VirStream.WouldBlock)
                throw Broken(LibvirtException.Last(nameof(VirStream.virStreamSend), _subject));
            _writable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Watch(VirStream.Readable | VirStream.Writable);
            return (0, _writable.Task);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnReady(nint stream, int events, nint opaque) => CallbackState.Get<ConsoleStream>(opaque).Ready(events);

    private void Ready(int events)
    {
        lock (_gate)
        {
            if (_disposed || !_watching)
                return;
            if ((events & VirStream.Writable) != 0)
            {
                _writable?.TrySetResult();
                _writable = null;
                Watch(VirStream.Readable);
            }

            if ((events & (VirStream.Readable | VirStream.Error | VirStream.Hangup)) != 0)
                Drain();
        }
    }

    private unsafe void Drain()
    {
        while (true)
        {
            int count;
            fixed (byte* p = _received.Writer.GetSpan(ChunkBytes))
                count = VirStream.virStreamRecv(_handle, p, ChunkBytes);
            if (count == VirStream.WouldBlock)
                return;
            if (count <= 0)
            {
                End(count == 0 ? null : Broken(LibvirtException.Last(nameof(VirStream.virStreamRecv), _subject)));
                return;
            }

            _received.Writer.Advance(count);
            var flushed = _received.Writer.FlushAsync();
            if (!flushed.IsCompleted)
            {
                End(new IOException($"the console of {_subject} was closed: {UnreadLimitBytes} bytes of it were not read"));
                _ = VirStream.virStreamAbort(_handle);
                return;
            }

            _ = flushed.GetAwaiter().GetResult();
        }
    }

    /// <summary>No more to read. The callback goes, or libvirt would report the hang-up again and again.</summary>
    private void End(Exception? error)
    {
        StopWatching();
        _writable?.TrySetException(error ?? new IOException("the console was closed"));
        _received.Writer.Complete(error);
    }

    private void Watch(int events)
    {
        if (VirStream.virStreamEventUpdateCallback(_handle, events) < 0)
            End(Broken(LibvirtException.Last(nameof(VirStream.virStreamEventUpdateCallback), _subject)));
    }

    private static IOException Broken(LibvirtException error) => new($"the console of {error.Subject} broke off: {error.Reason}", error);

    private void StopWatching()
    {
        if (_watching)
            _ = VirStream.virStreamEventRemoveCallback(_handle);
        _watching = false;
    }
}
