using System.Runtime.InteropServices;

namespace Ramet.Block.Native;

/// <summary>statx(2); the structure has the same layout on every architecture (linux/stat.h).</summary>
internal static partial class Statx
{
    private const int CurrentFolder = -100;
    private const uint BasicStats = 0x7ff;

    /// <summary>The fields used here, at the offsets of struct statx.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct Buffer
    {
        [FieldOffset(16)] internal uint LinkCount;
        [FieldOffset(28)] internal ushort Mode;
        [FieldOffset(32)] internal ulong Inode;
        [FieldOffset(40)] internal ulong Size;
        [FieldOffset(48)] internal ulong Blocks;
        [FieldOffset(112)] internal long ModifiedSeconds;
        [FieldOffset(120)] internal uint ModifiedNanoseconds;
        [FieldOffset(136)] internal uint DeviceMajor;
        [FieldOffset(140)] internal uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, out Buffer result);

    /// <summary>Follows symbolic links. 0, or -1 with errno.</summary>
    internal static int Of(string path, out Buffer result) => Stat(CurrentFolder, path, 0, BasicStats, out result);
}
