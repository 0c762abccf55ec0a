using Ramet.Block.Native;

namespace Ramet.Block;

/// <summary>What the file system says of a file (statx(2)); sizes are bytes.</summary>
/// <param name="IsRegular">A regular file, as opposed to a folder, device, pipe or socket.</param>
/// <param name="IsBlockDevice">A block special file.</param>
/// <param name="Length">Apparent size.</param>
/// <param name="AllocatedBytes">Space taken on disk; blocks shared by reflink count in every file that has them.</param>
/// <param name="Inode">Inode number, unique on its device.</param>
/// <param name="Device">Major and minor number of the device that holds the file.</param>
/// <param name="ModifiedAt">Last change of the content, to the tick.</param>
/// <param name="Mode">Permission bits.</param>
public readonly record struct FileStatus(
    bool IsRegular, bool IsBlockDevice, long Length, long AllocatedBytes, ulong Inode, (uint Major, uint Minor) Device, DateTimeOffset ModifiedAt, UnixFileMode Mode)
{
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int BlockType = 0x6000;

    /// <summary>The status of the file that the path leads to, symbolic links followed.</summary>
    public static FileStatus Of(string path)
    {
        if (Statx.Of(path, out var s) != 0)
            throw BlockException.FromErrno(Errno.Last, "stat", path);
        return new FileStatus(
            (s.Mode & TypeMask) == RegularType,
            (s.Mode & TypeMask) == BlockType,
            (long)s.Size,
            (long)s.Blocks * 512,
            s.Inode,
            (s.DeviceMajor, s.DeviceMinor),
            DateTimeOffset.FromUnixTimeSeconds(s.ModifiedSeconds).AddTicks(s.ModifiedNanoseconds / 100),
            (UnixFileMode)(s.Mode & 0xFFF));
    }

    /// <summary>The path with every symbolic link resolved.</summary>
    public static string RealPath(string path) =>
        Realpath.Of(path) ?? throw BlockException.FromErrno(Errno.Last, "resolve", path);
}
