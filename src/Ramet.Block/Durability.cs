using Microsoft.Win32.SafeHandles;
using Ramet.Block.Native;

namespace Ramet.Block;

/// <summary>Barriers that concern more than one file.</summary>
public static class Durability
{
    /// <summary>Makes the names in a folder durable (fsync(2) of the folder).</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = OpenFolder(folder);
        if (Fsync.Sync(handle) != 0)
            throw BlockException.FromErrno(Errno.Last, "sync folder", folder);
    }

    /// <summary>Makes everything written to the file system that holds <paramref name="folder"/> durable (syncfs(2)).</summary>
    public static void SyncFileSystem(string folder)
    {
        using var handle = OpenFolder(folder);
        if (Syncfs.Sync(handle) != 0)
            throw BlockException.FromErrno(Errno.Last, "sync file system of", folder);
    }

    /// <summary>Renames a file, refusing to replace what already has the new name.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.AlreadyExists"/>.</exception>
    public static void RenameNew(string from, string to)
    {
        if (Renameat2.NoReplace(from, to) == 0)
            return;
        var errno = Errno.Last;
        if (errno is not (Errno.EINVAL or Errno.ENOSYS))
            throw BlockException.FromErrno(errno, "rename", to);

        // A file system without RENAME_NOREPLACE (NFS): a hard link refuses an existing name just as well.
        if (Link.Create(from, to) != 0)
            throw BlockException.FromErrno(Errno.Last, "rename", to);
        File.Delete(from);
    }

    private static SafeFileHandle OpenFolder(string folder)
    {
        var handle = Open.Folder(folder);
        return handle.IsInvalid ? throw BlockException.FromErrno(Errno.Last, "open folder", folder) : handle;
    }
}
