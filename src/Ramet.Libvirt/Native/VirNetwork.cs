using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Native;

/// <summary>A virNetworkPtr.</summary>
internal sealed class NetworkHandle : SafeHandle
{
    public NetworkHandle() : base(0, ownsHandle: true)
    {
    }

    public NetworkHandle(nint owned) : this() => SetHandle(owned);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => VirNetwork.virNetworkFree(handle) == 0;
}

/// <summary>libvirt-network.h.</summary>
internal static unsafe partial class VirNetwork
{
    private const string Library = VirError.Library;

    [LibraryImport(Library)]
    public static partial int virNetworkFree(nint network);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NetworkHandle virNetworkLookupByName(ConnectHandle connection, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NetworkHandle virNetworkDefineXML(ConnectHandle connection, string xml);

    [LibraryImport(Library)]
    public static partial byte* virNetworkGetName(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkGetUUID(NetworkHandle network, byte* uuid);

    [LibraryImport(Library)]
    public static partial byte* virNetworkGetBridgeName(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial byte* virNetworkGetXMLDesc(NetworkHandle network, uint flags);

    [LibraryImport(Library)]
    public static partial int virNetworkIsActive(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkCreate(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkDestroy(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkUndefine(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkGetAutostart(NetworkHandle network, out int autostart);

    [LibraryImport(Library)]
    public static partial int virNetworkSetAutostart(NetworkHandle network, int autostart);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virNetworkGetDHCPLeases(NetworkHandle network, string? mac, LeaseLayout*** leases, uint flags);

    [LibraryImport(Library)]
    public static partial void virNetworkDHCPLeaseFree(LeaseLayout* lease);

    /// <summary>struct _virNetworkDHCPLease.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LeaseLayout
    {
        public byte* Interface;
        public long ExpirySeconds;
        public int Type;
        public byte* Mac;
        public byte* Iaid;
        public byte* Address;
        public uint Prefix;
        public byte* HostName;
        public byte* ClientId;
    }
}
