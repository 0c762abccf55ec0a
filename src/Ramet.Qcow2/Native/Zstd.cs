using System.Runtime.InteropServices;

namespace Ramet.Qcow2.Native;

/// <summary>The decompressor of libzstd 1.x (zstd.h, "Streaming decompression").</summary>
internal static partial class Zstd
{
    private const string Library = "libzstd.so.1";

    [StructLayout(LayoutKind.Sequential)]
    internal struct Buffer
    {
        internal nint Data;
        internal nuint Size;
        internal nuint Position;
    }

    /// <summary>A decompression context; freed by libzstd.</summary>
    internal sealed class Context() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            ZSTD_freeDCtx(handle);
            return true;
        }
    }

    [LibraryImport(Library)]
    internal static partial Context ZSTD_createDCtx();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_initDStream(Context context);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_decompressStream(Context context, ref Buffer output, ref Buffer input);

    [LibraryImport(Library)]
    internal static partial uint ZSTD_isError(nuint code);
}
