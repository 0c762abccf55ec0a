using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Native;

/// <summary>A virConnectPtr. Domains, networks and streams hold a reference of their own, so handles may be released in any order.</summary>
internal sealed class ConnectHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => VirConnect.virConnectClose(handle) >= 0;
}

/// <summary>libvirt-host.h and the connection's lists.</summary>
internal static unsafe partial class VirConnect
{
    private const string Library = VirError.Library;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ConnectHandle virConnectOpen(string uri);

    [LibraryImport(Library)]
    public static partial int virConnectClose(nint connection);

    [LibraryImport(Library)]
    public static partial int virConnectSetKeepAlive(ConnectHandle connection, int interval, uint count);

    [LibraryImport(Library)]
    public static partial int virConnectIsAlive(ConnectHandle connection);

    [LibraryImport(Library)]
    public static partial int virConnectRegisterCloseCallback(
        ConnectHandle connection, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback, nint opaque,
        delegate* unmanaged[Cdecl]<nint, void> free);

    [LibraryImport(Library)]
    public static partial int virConnectUnregisterCloseCallback(
        ConnectHandle connection, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback);

    [LibraryImport(Library)]
    public static partial int virConnectGetLibVersion(ConnectHandle connection, out nuint version);

    [LibraryImport(Library)]
    public static partial int virConnectGetVersion(ConnectHandle connection, out nuint version);

    [LibraryImport(Library)]
    public static partial byte* virConnectGetType(ConnectHandle connection);

    [LibraryImport(Library)]
    public static partial byte* virConnectGetHostname(ConnectHandle connection);

    [LibraryImport(Library)]
    public static partial byte* virConnectGetCapabilities(ConnectHandle connection);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* virConnectGetDomainCapabilities(
        ConnectHandle connection, string? emulator, string? arch, string? machine, string? virtType, uint flags);

    [LibraryImport(Library)]
    public static partial int virNodeGetInfo(ConnectHandle connection, out NodeInfoLayout info);

    [LibraryImport(Library)]
    public static partial int virConnectListAllDomains(ConnectHandle connection, nint** domains, uint flags);

    [LibraryImport(Library)]
    public static partial int virConnectListAllNetworks(ConnectHandle connection, nint** networks, uint flags);

    [LibraryImport(Library)]
    public static partial int virConnectGetAllDomainStats(ConnectHandle connection, uint stats, StatsRecordLayout*** records, uint flags);

    [LibraryImport(Library)]
    public static partial void virDomainStatsRecordListFree(StatsRecordLayout** records);

    [LibraryImport(Library)]
    public static partial int virConnectDomainEventRegisterAny(
        ConnectHandle connection, nint domain, int eventId, void* callback, nint opaque, delegate* unmanaged[Cdecl]<nint, void> free);

    [LibraryImport(Library)]
    public static partial int virConnectDomainEventDeregisterAny(ConnectHandle connection, int callbackId);

    [LibraryImport(Library)]
    public static partial int virEventRegisterDefaultImpl();

    [LibraryImport(Library)]
    public static partial int virEventRunDefaultImpl();

    /// <summary>struct _virNodeInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NodeInfoLayout
    {
        public fixed byte Model[32];
        public nuint MemoryKib;
        public uint Cpus;
        public uint Mhz;
        public uint Nodes;
        public uint Sockets;
        public uint Cores;
        public uint Threads;
    }

    /// <summary>struct _virDomainStatsRecord.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StatsRecordLayout
    {
        public nint Domain;
        public TypedParameterLayout* Parameters;
        public int Count;
    }

    /// <summary>struct _virTypedParameter: an 80-byte name, a type and an 8-byte union.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TypedParameterLayout
    {
        public fixed byte Field[80];
        public int Type;
        public long Value;
    }
}
