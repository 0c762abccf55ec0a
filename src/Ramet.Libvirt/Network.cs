using System.Runtime.InteropServices;
using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <summary>A virNetworkPtr: a virtual network of the host. Blocking and thread-safe like <see cref="Domain"/>.</summary>
public sealed unsafe class Network : IDisposable
{
    private readonly NetworkHandle _handle;

    internal Network(NetworkHandle handle)
    {
        _handle = handle;
        Name = NativeText.Borrow(VirNetwork.virNetworkGetName(_handle));
        Span<byte> uuid = stackalloc byte[16];
        fixed (byte* p = uuid)
            Check(VirNetwork.virNetworkGetUUID(_handle, p), nameof(VirNetwork.virNetworkGetUUID));
        Uuid = new Guid(uuid, bigEndian: true);
    }

    public string Name { get; }

    public Guid Uuid { get; }

    public bool IsActive => Check(VirNetwork.virNetworkIsActive(_handle), nameof(VirNetwork.virNetworkIsActive)) == 1;

    public bool Autostart
    {
        get
        {
            Check(VirNetwork.virNetworkGetAutostart(_handle, out var value), nameof(VirNetwork.virNetworkGetAutostart));
            return value != 0;
        }
        set => Check(VirNetwork.virNetworkSetAutostart(_handle, value ? 1 : 0), nameof(VirNetwork.virNetworkSetAutostart));
    }

    /// <summary>The bridge that guests are put on; fails for networks without one.</summary>
    public string GetBridgeName() =>
        LibvirtException.Check(VirNetwork.virNetworkGetBridgeName(_handle), nameof(VirNetwork.virNetworkGetBridgeName), Name);

    public string GetXml() => LibvirtException.Check(VirNetwork.virNetworkGetXMLDesc(_handle, 0), nameof(VirNetwork.virNetworkGetXMLDesc), Name);

    public void Start() => Check(VirNetwork.virNetworkCreate(_handle), nameof(VirNetwork.virNetworkCreate));

    public void Destroy() => Check(VirNetwork.virNetworkDestroy(_handle), nameof(VirNetwork.virNetworkDestroy));

    public void Undefine() => Check(VirNetwork.virNetworkUndefine(_handle), nameof(VirNetwork.virNetworkUndefine));

    /// <summary>The leases of an active network's DHCP server, of one MAC address or all.</summary>
    public IReadOnlyList<DhcpLease> GetDhcpLeases(string? mac = null)
    {
        VirNetwork.LeaseLayout** leases = null;
        var count = Check(VirNetwork.virNetworkGetDHCPLeases(_handle, mac, &leases, 0), nameof(VirNetwork.virNetworkGetDHCPLeases));
        var result = new List<DhcpLease>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var lease = leases[i];
                result.Add(new DhcpLease(
                    NativeText.Borrow(lease->Mac), NativeText.Borrow(lease->Address), (int)lease->Prefix, NativeText.BorrowOrNull(lease->HostName),
                    NativeText.BorrowOrNull(lease->ClientId), DateTimeOffset.FromUnixTimeSeconds(lease->ExpirySeconds)));
            }

            return result;
        }
        finally
        {
            for (var i = 0; i < count; i++)
                VirNetwork.virNetworkDHCPLeaseFree(leases[i]);
            NativeMemory.Free(leases);
        }
    }

    public void Dispose() => _handle.Dispose();

    private int Check(int result, string function) => LibvirtException.Check(result, function, Name);
}
