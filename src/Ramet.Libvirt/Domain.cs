using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <summary>
/// A virDomainPtr: one VM, running or not. Methods block for a round trip to the daemon (a start, a graceful destroy or an agent
/// command for seconds) and throw <see cref="LibvirtException"/>. Safe for use by several threads; libvirt runs one modifying job per domain at a time.
/// </summary>
public sealed unsafe partial class Domain : IDisposable
{
    private readonly DomainHandle _handle;
    private readonly ConnectHandle _connection;

    internal Domain(ConnectHandle connection, DomainHandle handle)
    {
        _connection = connection;
        _handle = handle;
        Name = NativeText.Borrow(VirDomain.virDomainGetName(_handle));
        Span<byte> uuid = stackalloc byte[16];
        fixed (byte* p = uuid)
            LibvirtException.Check(VirDomain.virDomainGetUUID(_handle, p), nameof(VirDomain.virDomainGetUUID), Name);
        Uuid = new Guid(uuid, bigEndian: true);
    }

    /// <summary>The name when this object was made.</summary>
    public string Name { get; }

    public Guid Uuid { get; }

    /// <summary>Whether a definition stays when it stops.</summary>
    public bool IsPersistent => Check(VirDomain.virDomainIsPersistent(_handle), nameof(VirDomain.virDomainIsPersistent)) == 1;

    /// <summary>Whether the daemon starts it when it starts itself.</summary>
    public bool Autostart
    {
        get
        {
            Check(VirDomain.virDomainGetAutostart(_handle, out var value), nameof(VirDomain.virDomainGetAutostart));
            return value != 0;
        }
        set => Check(VirDomain.virDomainSetAutostart(_handle, value ? 1 : 0), nameof(VirDomain.virDomainSetAutostart));
    }

    public void Start(DomainStartOptions options = DomainStartOptions.None) =>
        Check(VirDomain.virDomainCreateWithFlags(_handle, (uint)options), nameof(VirDomain.virDomainCreateWithFlags));

    /// <summary>Asks the guest to shut down and returns; a lifecycle event tells when it did. It may never do.</summary>
    public void Shutdown(DomainShutdownMode mode = DomainShutdownMode.Default) =>
        Check(VirDomain.virDomainShutdownFlags(_handle, (uint)mode), nameof(VirDomain.virDomainShutdownFlags));

    /// <summary>Asks the guest to reboot; the modes have the values of virDomainRebootFlagValues.</summary>
    public void Reboot(DomainShutdownMode mode = DomainShutdownMode.Default) =>
        Check(VirDomain.virDomainReboot(_handle, (uint)mode), nameof(VirDomain.virDomainReboot));

    /// <summary>Ends it as if the power failed. A transient domain is gone afterwards.</summary>
    public void Destroy(DomainDestroyOptions options = DomainDestroyOptions.None) =>
        Check(VirDomain.virDomainDestroyFlags(_handle, (uint)options), nameof(VirDomain.virDomainDestroyFlags));

    /// <summary>Removes the definition; a running domain becomes transient.</summary>
    public void Undefine(DomainUndefineOptions options = DomainUndefineOptions.None) =>
        Check(VirDomain.virDomainUndefineFlags(_handle, (uint)options), nameof(VirDomain.virDomainUndefineFlags));

    public string GetXml(DomainXmlOptions options = DomainXmlOptions.None) =>
        LibvirtException.Check(VirDomain.virDomainGetXMLDesc(_handle, (uint)options), nameof(VirDomain.virDomainGetXMLDesc), Name);

    /// <summary>The state, and the reason whose meaning depends on the state (virDomain*Reason).</summary>
    public (DomainState State, int Reason) GetState()
    {
        Check(VirDomain.virDomainGetState(_handle, out var state, out var reason, 0), nameof(VirDomain.virDomainGetState));
        return ((DomainState)state, reason);
    }

    public DomainInfo GetInfo()
    {
        Check(VirDomain.virDomainGetInfo(_handle, out var info), nameof(VirDomain.virDomainGetInfo));
        return new DomainInfo(
            (DomainState)info.State, (long)info.MaxMemoryKib * 1024, (long)info.MemoryKib * 1024, info.VirtualCpus,
            TimeSpan.FromTicks((long)(info.CpuTimeNanoseconds / TimeSpan.NanosecondsPerTick)));
    }

    /// <summary>The metadata element of an XML namespace, or null when there is none.</summary>
    public string? GetMetadata(string namespaceUri)
    {
        var text = VirDomain.virDomainGetMetadata(_handle, MetadataElement, namespaceUri, 0);
        if (text is not null)
            return NativeText.Take(text);
        var error = LibvirtException.Last(nameof(VirDomain.virDomainGetMetadata), Name);
        return error.Code == NoDomainMetadata ? null : throw error;
    }

    /// <summary>Sets (or with null removes) the metadata element of a namespace, in the definition and, when it runs, in the running domain.</summary>
    public void SetMetadata(string namespaceUri, string prefix, string? element)
    {
        const uint current = 0, live = 1, config = 2;
        var flags = VirDomain.virDomainGetID(_handle) == uint.MaxValue ? current : live | (IsPersistent ? config : 0);
        Check(VirDomain.virDomainSetMetadata(_handle, MetadataElement, element, prefix, namespaceUri, flags), nameof(VirDomain.virDomainSetMetadata));
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>VIR_DOMAIN_METADATA_ELEMENT; VIR_ERR_NO_DOMAIN_METADATA.</summary>
    private const int MetadataElement = 2, NoDomainMetadata = 80;

    private int Check(int result, string function) => LibvirtException.Check(result, function, Name);
}
