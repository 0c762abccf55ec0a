using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ramet.Server.Native;

/// <summary>What the framework does not tell of a file, or cannot change: its type and its owner.</summary>
internal static partial class FileNode
{
    /// <summary>S_IFSOCK (inode(7)).</summary>
    public const int Socket = 0xC000;

    private const int TypeMask = 0xF000;
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_TYPE = 1;
    private const int StatxSize = 256;
    private const int StatxModeOffset = 28;
    private const int ENOENT = 2;
    private const int ENOTDIR = 20;

    /// <summary>The type bits of a file's mode (statx(2)), of a symbolic link itself; null when there is no such file.</summary>
    /// <exception cref="IOException">The system refused to say.</exception>
    public static unsafe int? TypeOf(string path)
    {
        var buffer = stackalloc byte[StatxSize];
        if (Statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, buffer) == 0)
            return BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(buffer + StatxModeOffset, 2)) & TypeMask;
        var error = Marshal.GetLastPInvokeError();
        return error is ENOENT or ENOTDIR ? null : throw new IOException($"cannot look at {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Gives a file to a user and a group (lchown(2)).</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (LChown(path, user, group) == 0)
            return;
        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"cannot give {path} to {user}:{group}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint user, uint group);
}
