using Microsoft.Win32.SafeHandles;
using Ramet.Block.Native;

namespace Ramet.Block;

/// <summary>A file, or block device, as a device: its bytes are the disk's bytes. Knows its holes (SEEK_DATA, SEEK_HOLE).</summary>
/// <remarks>Thread-safe. Bytes beyond the end of the file do not exist here: reading them is <see cref="BlockErrorKind.OutOfRange"/>.</remarks>
public sealed class RawFile : IWritableDevice, IFlushableDevice, IExtentMap
{
    private readonly SafeFileHandle _handle;
    private readonly bool _writable;
    private bool _locked;
    private long _length;

    private RawFile(SafeFileHandle handle, string path, bool writable)
    {
        _handle = handle;
        _writable = writable;
        Path = path;
        try
        {
            _length = RandomAccess.GetLength(handle);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            handle.Dispose();
            throw BlockException.From(e, "open", path);
        }
    }

    /// <summary>The path that it was opened by.</summary>
    public string Path { get; }

    public long Length => Volatile.Read(ref _length);

    /// <summary>Opens an existing file for reading.</summary>
    public static RawFile OpenRead(string path, ImageLockMode locking = ImageLockMode.None) => Open(path, FileMode.Open, FileAccess.Read, locking);

    /// <summary>Opens an existing file for reading and writing.</summary>
    public static RawFile OpenWrite(string path, ImageLockMode locking = ImageLockMode.None) => Open(path, FileMode.Open, FileAccess.ReadWrite, locking);

    /// <summary>Creates a file that must not exist yet, readable and writable by its owner only.</summary>
    public static RawFile CreateNew(string path) => Open(path, FileMode.CreateNew, FileAccess.ReadWrite, ImageLockMode.None);

    private static RawFile Open(string path, FileMode mode, FileAccess access, ImageLockMode locking)
    {
        var operation = mode == FileMode.CreateNew ? "create" : "open";
        if (mode == FileMode.Open)
        {
            // Before open(2), which would wait for ever on a pipe.
            var status = FileStatus.Of(path);
            if (!status.IsRegular && !status.IsBlockDevice)
                throw new BlockException(BlockErrorKind.WrongFormat, operation, path, "not a regular file or block device");
        }

        RawFile file;
        try
        {
            // FileShare.ReadWrite: no flock(2), which QEMU does not know of; ImageLock speaks its language.
            var handle = File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
            if (mode == FileMode.CreateNew)
                File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            file = new RawFile(handle, path, access != FileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlockException.From(e, operation, path);
        }

        try
        {
            file._locked = locking != ImageLockMode.None;
            ImageLock.Acquire(file._handle, locking, path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Read(long offset, Span<byte> buffer)
    {
        var done = ReadUpTo(offset, buffer);
        if (done != buffer.Length)
            throw new BlockException(BlockErrorKind.OutOfRange, "read", Path, $"{buffer.Length} bytes wanted, the file has {Length}", offset);
    }

    /// <summary>Reads what there is, up to the end of the file; returns how many bytes that was.</summary>
    public int ReadUpTo(long offset, Span<byte> buffer)
    {
        if (offset < 0)
            throw new BlockException(BlockErrorKind.OutOfRange, "read", Path, "negative offset", offset);
        var done = 0;
        try
        {
            while (done < buffer.Length)
            {
                var n = RandomAccess.Read(_handle, buffer[done..], offset + done);
                if (n == 0)
                    break;
                done += n;
            }
        }
        catch (IOException e)
        {
            throw BlockException.From(e, "read", Path, offset + done);
        }

        return done;
    }

    /// <summary>Writes at the offset, growing the file when it lies at or beyond its end.</summary>
    public void Write(long offset, ReadOnlySpan<byte> buffer)
    {
        DemandWritable("write");
        try
        {
            RandomAccess.Write(_handle, buffer, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlockException.From(e, "write", Path, offset);
        }

        Grown(offset + buffer.Length);
    }

    /// <summary>Punches a hole where the file system can, writes zeros where not. The file grows if the range lies beyond its end.</summary>
    public void WriteZeroes(long offset, long length)
    {
        DemandWritable("write zeroes");
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
            return;
        var end = checked(offset + length);
        var inside = Math.Min(end, Length) - offset;
        if (inside > 0 && Fallocate.Allocate(_handle, Fallocate.PunchHole | Fallocate.KeepSize, offset, inside) != 0)
        {
            var errno = Errno.Last;
            if (errno is not (Errno.EOPNOTSUPP or Errno.ENOSYS))
                throw BlockException.FromErrno(errno, "punch hole in", Path, offset);
            Span<byte> zeros = stackalloc byte[4096];
            zeros.Clear();
            for (long done = 0; done < inside; done += zeros.Length)
                Write(offset + done, zeros[..(int)Math.Min(zeros.Length, inside - done)]);
        }

        if (end > Length)
            SetLength(end);
    }

    /// <summary>Cuts or grows the file; what is added is a hole.</summary>
    public void SetLength(long length)
    {
        DemandWritable("resize");
        try
        {
            RandomAccess.SetLength(_handle, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlockException.From(e, "resize", Path, length);
        }

        Volatile.Write(ref _length, length);
    }

    public void Flush()
    {
        if (Fdatasync.Sync(_handle) != 0)
            throw BlockException.FromErrno(Errno.Last, "flush", Path);
    }

    public Extent GetExtent(long offset)
    {
        var length = Length;
        if (offset < 0 || offset >= length)
            throw new BlockException(BlockErrorKind.OutOfRange, "map", Path, $"the file has {length} bytes", offset);
        var data = Seek(offset, Lseek.SeekData);
        if (data < 0 || data >= length)
            return new Extent(offset, length - offset, ExtentKind.Hole);
        if (data > offset)
            return new Extent(offset, data - offset, ExtentKind.Hole);
        var hole = Seek(offset, Lseek.SeekHole);
        return new Extent(offset, (hole <= offset ? length : Math.Min(hole, length)) - offset, ExtentKind.Data);
    }

    /// <summary>Whether nothing at all is stored in a range inside the file, so that it need not be read.</summary>
    public bool IsHole(long offset, long length) =>
        length > 0 && GetExtent(offset) is { Kind: ExtentKind.Hole } extent && extent.End >= offset + length;

    /// <summary>Shares all blocks of the source with this (empty) file; false where the file system cannot.</summary>
    public bool TryCloneFrom(RawFile source)
    {
        DemandWritable("clone into");
        if (Ficlone.Clone(_handle, source._handle) != 0)
        {
            var errno = Errno.Last;
            if (errno is Errno.EOPNOTSUPP or Errno.EXDEV or Errno.EINVAL or Errno.ENOTTY or Errno.ENOSYS or Errno.EPERM)
                return false;
            throw BlockException.FromErrno(errno, "clone into", Path);
        }

        Grown(source.Length);
        return true;
    }

    /// <summary>Copies a range from another file at the same offset, inside the kernel where it can; returns how it went on.</summary>
    /// <returns>Bytes copied, 0 at the source's end, or -1 when this pair of files has to be copied by reading and writing.</returns>
    public long TryCopyFrom(RawFile source, long offset, long length)
    {
        DemandWritable("copy into");
        long from = offset, to = offset;
        var done = CopyFileRange.Copy(source._handle, ref from, _handle, ref to, (nint)length, 0);
        if (done < 0)
        {
            var errno = Errno.Last;
            if (errno is Errno.EOPNOTSUPP or Errno.EXDEV or Errno.EINVAL or Errno.ENOSYS)
                return -1;
            throw BlockException.FromErrno(errno, "copy into", Path, offset);
        }

        Grown(offset + done);
        return done;
    }

    public void Dispose()
    {
        if (_locked && !_handle.IsClosed)
            ImageLock.Release(_handle);
        _handle.Dispose();
    }

    private long Seek(long offset, int whence)
    {
        var found = Lseek.Seek(_handle, offset, whence);
        if (found >= 0)
            return found;
        var errno = Errno.Last;
        if (errno == Errno.ENXIO)
            return -1;

        // A file system that does not know its holes: everything is data.
        if (errno is Errno.EINVAL or Errno.EOPNOTSUPP)
            return whence == Lseek.SeekData ? offset : -1;
        throw BlockException.FromErrno(errno, "map", Path, offset);
    }

    private void Grown(long end)
    {
        for (var seen = Length; end > seen;)
        {
            var before = Interlocked.CompareExchange(ref _length, end, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    private void DemandWritable(string operation)
    {
        if (!_writable)
            throw new BlockException(BlockErrorKind.ReadOnly, operation, Path, "opened for reading only");
    }
}
