using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Native;

/// <summary>A virStreamPtr.</summary>
internal sealed class StreamHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => VirStream.virStreamFree(handle) == 0;
}

/// <summary>libvirt-stream.h.</summary>
internal static unsafe partial class VirStream
{
    private const string Library = VirError.Library;

    /// <summary>VIR_STREAM_NONBLOCK.</summary>
    public const uint NonBlocking = 1;

    /// <summary>What virStreamSend and virStreamRecv return when they would block.</summary>
    public const int WouldBlock = -2;

    /// <summary>virStreamEventType.</summary>
    public const int Readable = 1, Writable = 2, Error = 4, Hangup = 8;

    [LibraryImport(Library)]
    public static partial StreamHandle virStreamNew(ConnectHandle connection, uint flags);

    [LibraryImport(Library)]
    public static partial int virStreamFree(nint stream);

    [LibraryImport(Library)]
    public static partial int virStreamSend(StreamHandle stream, byte* data, nuint count);

    [LibraryImport(Library)]
    public static partial int virStreamRecv(StreamHandle stream, byte* data, nuint count);

    [LibraryImport(Library)]
    public static partial int virStreamAbort(StreamHandle stream);

    [LibraryImport(Library)]
    public static partial int virStreamEventAddCallback(
        StreamHandle stream, int events, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback, nint opaque,
        delegate* unmanaged[Cdecl]<nint, void> free);

    [LibraryImport(Library)]
    public static partial int virStreamEventUpdateCallback(StreamHandle stream, int events);

    [LibraryImport(Library)]
    public static partial int virStreamEventRemoveCallback(StreamHandle stream);
}
