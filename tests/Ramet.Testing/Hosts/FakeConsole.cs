using System.IO.Pipelines;
using Ramet.Core.Errors;

namespace Ramet.Testing.Hosts;

/// <summary>A serial console: the guest's end belongs to the test, the host's end to whoever opens it, one at a time.</summary>
public sealed class FakeConsole
{
    private readonly Lock _lock = new();
    private Line? _line;

    /// <summary>What the guest writes to and reads from; null while nobody has the console open.</summary>
    public IDuplexPipe? Guest
    {
        get
        {
            lock (_lock)
                return _line?.Guest;
        }
    }

    internal Stream Open(string domain, bool force)
    {
        lock (_lock)
        {
            if (_line is { } taken)
            {
                if (!force)
                {
                    throw new RametException(
                        ErrorKind.HypervisorFailure, $"libvirt did not open the console of '{domain}': active console session exists for this domain",
                        @object: domain);
                }

                taken.End();
            }

            _line = new Line();
            return new HostEnd(this, _line);
        }
    }

    private void Release(Line line)
    {
        line.End();
        lock (_lock)
        {
            if (_line == line)
                _line = null;
        }
    }

    private sealed class Line
    {
        public Line() => Guest = new Duplex(ToGuest.Reader, FromGuest.Writer);

        public Pipe FromGuest { get; } = new();

        public Pipe ToGuest { get; } = new();

        public IDuplexPipe Guest { get; }

        /// <summary>Both sides read the end from now on.</summary>
        public void End()
        {
            FromGuest.Writer.Complete();
            ToGuest.Writer.Complete();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class HostEnd(FakeConsole owner, Line line) : Stream
    {
        private readonly Stream _input = line.FromGuest.Reader.AsStream();
        private readonly Stream _output = line.ToGuest.Writer.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _input.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _output.WriteAsync(buffer, cancellationToken);

        public override void Flush() => _output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                owner.Release(line);

            base.Dispose(disposing);
        }
    }
}
