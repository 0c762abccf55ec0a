using System.Runtime.InteropServices;
using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <summary>
/// A connection to a libvirt daemon. All methods block for a round trip and throw <see cref="LibvirtException"/>. Safe for use by
/// several threads, whose calls share one socket; the daemon works on few calls of one connection at a time, so bulk work
/// gains from several connections. A connection that broke (<see cref="Closed"/>) stays so: open another.
/// </summary>
public sealed unsafe partial class Connection : IDisposable
{
    private readonly ConnectHandle _handle;

    private Connection(string uri, ConnectHandle handle)
    {
        Uri = uri;
        _handle = handle;
    }

    /// <summary>The URI it was opened with.</summary>
    public string Uri { get; }

    /// <summary>Whether the socket to the daemon still stands, as far as this process knows.</summary>
    public bool IsAlive => Check(VirConnect.virConnectIsAlive(_handle), nameof(VirConnect.virConnectIsAlive)) == 1;

    /// <summary>
    /// Opens a connection: <c>qemu:///system</c>, <c>qemu+unix:///system?socket=…</c>, <c>qemu+ssh://…</c>, <c>test:///default</c>. It is closed
    /// when the daemon stays silent for <paramref name="keepAlive"/> (default 30 s), so that a hung daemon cannot hang its callers for ever.
    /// </summary>
    public static Connection Open(string uri, TimeSpan? keepAlive = null)
    {
        EventLoop.EnsureStarted();
        var handle = VirConnect.virConnectOpen(uri);
        if (handle.IsInvalid)
            throw LibvirtException.Last(nameof(VirConnect.virConnectOpen), uri);
        var connection = new Connection(uri, handle);
        try
        {
            connection.WatchClose();
            connection.SetKeepAlive(keepAlive ?? TimeSpan.FromSeconds(30));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>libvirt's version on the daemon's side.</summary>
    public Version GetLibraryVersion()
    {
        Check(VirConnect.virConnectGetLibVersion(_handle, out var version), nameof(VirConnect.virConnectGetLibVersion));
        return Decode(version);
    }

    /// <summary>The hypervisor's version (QEMU's, for a qemu URI).</summary>
    public Version GetHypervisorVersion()
    {
        Check(VirConnect.virConnectGetVersion(_handle, out var version), nameof(VirConnect.virConnectGetVersion));
        return Decode(version);
    }

    /// <summary>The driver: <c>QEMU</c>, <c>TEST</c>.</summary>
    public string GetDriverType()
    {
        var type = VirConnect.virConnectGetType(_handle);
        return type is null ? throw LibvirtException.Last(nameof(VirConnect.virConnectGetType), Uri) : NativeText.Borrow(type);
    }

    public string GetHostName() => Check(VirConnect.virConnectGetHostname(_handle), nameof(VirConnect.virConnectGetHostname));

    /// <summary>The host's <c>capabilities</c> document.</summary>
    public string GetCapabilitiesXml() => Check(VirConnect.virConnectGetCapabilities(_handle), nameof(VirConnect.virConnectGetCapabilities));

    /// <summary>The <c>domainCapabilities</c> document of an emulator, machine and virtualization type; null means the driver's default.</summary>
    public string GetDomainCapabilitiesXml(string? emulator = null, string? arch = null, string? machine = null, string? virtType = null) =>
        Check(
            VirConnect.virConnectGetDomainCapabilities(_handle, emulator, arch, machine, virtType, 0),
            nameof(VirConnect.virConnectGetDomainCapabilities));

    public NodeInfo GetNodeInfo()
    {
        Check(VirConnect.virNodeGetInfo(_handle, out var info), nameof(VirConnect.virNodeGetInfo));
        return new NodeInfo(
            NativeText.Borrow(info.Model), (long)info.MemoryKib * 1024, (int)info.Cpus, (int)info.Sockets, (int)info.Cores, (int)info.Threads);
    }

    public void Dispose()
    {
        if (!_handle.IsClosed)
            StopCallbacks();
        _handle.Dispose();
    }

    private void SetKeepAlive(TimeSpan silence)
    {
        const uint probes = 3;
        var interval = Math.Max(1, (int)(silence.TotalSeconds / probes));
        if (VirConnect.virConnectSetKeepAlive(_handle, interval, probes) < 0)
        {
            // The test driver and others inside this process have no socket to watch.
            var error = LibvirtException.Last(nameof(VirConnect.virConnectSetKeepAlive), Uri);
            if (error.Kind != LibvirtErrorKind.Unsupported)
                throw error;
        }
    }

    /// <summary>libvirt packs versions as major * 1,000,000 + minor * 1,000 + release.</summary>
    private static Version Decode(nuint version) => new((int)(version / 1_000_000), (int)(version / 1_000 % 1_000), (int)(version % 1_000));

    private int Check(int result, string function) => LibvirtException.Check(result, function, Uri);

    private string Check(byte* text, string function) => LibvirtException.Check(text, function, Uri);
}
