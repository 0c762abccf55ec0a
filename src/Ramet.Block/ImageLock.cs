using Microsoft.Win32.SafeHandles;
using Ramet.Block.Native;

namespace Ramet.Block;

/// <summary>How an image is going to be used, for the lock that says so to QEMU.</summary>
public enum ImageLockMode
{
    /// <summary>No lock: for looking at an image that a running machine may be writing.</summary>
    None = 0,

    /// <summary>Reading; others may read, nobody may write.</summary>
    Read = 1,

    /// <summary>Writing; nobody else may write. Readers that demand an unchanging image are refused as well.</summary>
    Write = 2,
}

// QEMU's image locking (block/file-posix.c, "RAW_LOCK_PERM_BASE"): byte 100+p of the file is locked shared by whoever *uses*
// permission p, byte 200+p by whoever *does not share* it with others. A newcomer takes its locks first and then asks, with a
// test for an exclusive lock, whether somebody else unshares what it uses or uses what it unshares. Both sides do it in that order,
// so two newcomers can refuse each other but never both succeed.
internal static class ImageLock
{
    private const int ConsistentRead = 0;
    private const int Write = 1;
    private const int Resize = 3;
    private const long UsedBase = 100;
    private const long UnsharedBase = 200;

    internal static void Acquire(SafeFileHandle file, ImageLockMode mode, string path)
    {
        if (mode == ImageLockMode.None)
            return;
        ReadOnlySpan<int> used = mode == ImageLockMode.Read ? [ConsistentRead] : [ConsistentRead, Write, Resize];
        ReadOnlySpan<int> unshared = [Write, Resize];
        foreach (var p in used)
            Share(file, UsedBase + p, path);
        foreach (var p in unshared)
            Share(file, UnsharedBase + p, path);
        foreach (var p in used)
            Demand(file, UnsharedBase + p, path);
        foreach (var p in unshared)
            Demand(file, UsedBase + p, path);
    }

    /// <summary>
    /// Gives all locks back. Closing is not enough: a child that another thread is just starting has inherited the open file, and with it the
    /// locks, until it executes its program.
    /// </summary>
    internal static void Release(SafeFileHandle file)
    {
        foreach (var start in (ReadOnlySpan<long>)[UsedBase, UnsharedBase])
        {
            var value = new Fcntl.FileLock { Type = Fcntl.Unlock, Start = start, Length = Resize + 1 };
            _ = Fcntl.Control(file, Fcntl.SetLock, ref value);
        }
    }

    private static void Share(SafeFileHandle file, long at, string path)
    {
        var value = new Fcntl.FileLock { Type = Fcntl.ReadLock, Start = at, Length = 1 };
        if (Fcntl.Control(file, Fcntl.SetLock, ref value) != 0)
            throw BlockException.FromErrno(Errno.Last, "lock", path, at);
    }

    private static void Demand(SafeFileHandle file, long at, string path)
    {
        var value = new Fcntl.FileLock { Type = Fcntl.WriteLock, Start = at, Length = 1 };
        if (Fcntl.Control(file, Fcntl.GetLock, ref value) != 0)
            throw BlockException.FromErrno(Errno.Last, "lock", path, at);
        if (value.Type != Fcntl.Unlock)
            throw new BlockException(BlockErrorKind.Locked, "lock", path, "another process has the image open; is a machine using it running?", at);
    }
}
