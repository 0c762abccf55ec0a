using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Native;

/// <summary>A virDomainPtr.</summary>
internal sealed class DomainHandle : SafeHandle
{
    public DomainHandle() : base(0, ownsHandle: true)
    {
    }

    public DomainHandle(nint owned) : this() => SetHandle(owned);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => VirDomain.virDomainFree(handle) == 0;
}

/// <summary>A virDomainSnapshotPtr.</summary>
internal sealed class SnapshotHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => VirDomain.virDomainSnapshotFree(handle) == 0;
}

/// <summary>libvirt-domain.h, libvirt-domain-snapshot.h, libvirt-qemu.h.</summary>
internal static unsafe partial class VirDomain
{
    private const string Library = VirError.Library;

    [LibraryImport(Library)]
    public static partial int virDomainFree(nint domain);

    [LibraryImport(Library)]
    public static partial byte* virDomainGetName(DomainHandle domain);

    [LibraryImport(Library, EntryPoint = "virDomainGetName")]
    public static partial byte* virDomainGetNameRaw(nint domain);

    [LibraryImport(Library)]
    public static partial int virDomainGetUUID(DomainHandle domain, byte* uuid);

    [LibraryImport(Library, EntryPoint = "virDomainGetUUID")]
    public static partial int virDomainGetUUIDRaw(nint domain, byte* uuid);

    [LibraryImport(Library)]
    public static partial uint virDomainGetID(DomainHandle domain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainLookupByName(ConnectHandle connection, string name);

    [LibraryImport(Library)]
    public static partial DomainHandle virDomainLookupByUUID(ConnectHandle connection, byte* uuid);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainDefineXMLFlags(ConnectHandle connection, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainCreateXML(ConnectHandle connection, string xml, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainCreateWithFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainShutdownFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainReboot(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainDestroyFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainUndefineFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial byte* virDomainGetXMLDesc(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetState(DomainHandle domain, out int state, out int reason, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetInfo(DomainHandle domain, out InfoLayout info);

    [LibraryImport(Library)]
    public static partial int virDomainIsPersistent(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainSetAutostart(DomainHandle domain, int autostart);

    [LibraryImport(Library)]
    public static partial int virDomainGetAutostart(DomainHandle domain, out int autostart);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* virDomainGetMetadata(DomainHandle domain, int type, string? uri, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainSetMetadata(DomainHandle domain, int type, string? metadata, string? key, string? uri, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SnapshotHandle virDomainSnapshotCreateXML(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library)]
    public static partial byte* virDomainSnapshotGetName(SnapshotHandle snapshot);

    [LibraryImport(Library)]
    public static partial int virDomainSnapshotFree(nint snapshot);

    [LibraryImport(Library)]
    public static partial int virDomainFSFreeze(DomainHandle domain, byte** mountPoints, uint count, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainFSThaw(DomainHandle domain, byte** mountPoints, uint count, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainGetBlockInfo(DomainHandle domain, string disk, out BlockInfo info, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainBlockStats(DomainHandle domain, string disk, out BlockStats stats, nuint size);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainBlockRebase(DomainHandle domain, string disk, string? backing, nuint bandwidth, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainBlockCommit(DomainHandle domain, string disk, string? bottom, string? top, nuint bandwidth, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainGetBlockJobInfo(DomainHandle domain, string disk, out BlockJobLayout info, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainBlockJobAbort(DomainHandle domain, string disk, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainInterfaceAddresses(DomainHandle domain, InterfaceLayout*** interfaces, uint source, uint flags);

    [LibraryImport(Library)]
    public static partial void virDomainInterfaceFree(InterfaceLayout* entry);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainOpenConsole(DomainHandle domain, string? device, StreamHandle stream, uint flags);

    [LibraryImport("libvirt-qemu.so.0", StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* virDomainQemuAgentCommand(DomainHandle domain, string command, int timeout, uint flags);

    /// <summary>struct _virDomainInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InfoLayout
    {
        public byte State;
        public nuint MaxMemoryKib;
        public nuint MemoryKib;
        public ushort VirtualCpus;
        public ulong CpuTimeNanoseconds;
    }

    /// <summary>struct _virDomainBlockJobInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BlockJobLayout
    {
        public int Type;
        public nuint Bandwidth;
        public ulong Current;
        public ulong End;
    }

    /// <summary>struct _virDomainInterface.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InterfaceLayout
    {
        public byte* Name;
        public byte* Mac;
        public uint AddressCount;
        public AddressLayout* Addresses;
    }

    /// <summary>struct _virDomainInterfaceIPAddress.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AddressLayout
    {
        public int Type;
        public byte* Address;
        public uint Prefix;
    }
}
