using System.Runtime.InteropServices;
using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <content>The domains and networks behind a connection. The caller disposes what it gets.</content>
public sealed unsafe partial class Connection
{
    /// <summary>Every domain that passes the filter, in one call.</summary>
    public IReadOnlyList<Domain> ListDomains(DomainFilter filter = DomainFilter.None)
    {
        nint* found = null;
        var count = Check(VirConnect.virConnectListAllDomains(_handle, &found, (uint)filter), nameof(VirConnect.virConnectListAllDomains));
        return Wrap(found, count, static p => new DomainHandle(p), h => new Domain(_handle, h));
    }

    /// <summary>Every domain's name and state, in one call however many there are; a domain that is busy does not delay it.</summary>
    public IReadOnlyList<DomainStateRecord> GetDomainStates()
    {
        const uint stateStats = 1, noWait = 1 << 29;
        VirConnect.StatsRecordLayout** records = null;
        var count = Check(
            VirConnect.virConnectGetAllDomainStats(_handle, stateStats, &records, noWait), nameof(VirConnect.virConnectGetAllDomainStats));
        try
        {
            var result = new DomainStateRecord[count];
            Span<byte> uuid = stackalloc byte[16];
            for (var i = 0; i < count; i++)
            {
                var name = NativeText.Borrow(VirDomain.virDomainGetNameRaw(records[i]->Domain));
                fixed (byte* p = uuid)
                    Check(VirDomain.virDomainGetUUIDRaw(records[i]->Domain, p), nameof(VirDomain.virDomainGetUUID));
                result[i] = new DomainStateRecord(
                    new Guid(uuid, bigEndian: true), name, (DomainState)(Find(records[i], "state.state"u8) ?? 0), Find(records[i], "state.reason"u8) ?? 0);
            }

            return result;
        }
        finally
        {
            VirConnect.virDomainStatsRecordListFree(records);
        }
    }

    /// <summary>The domain of that name, or null.</summary>
    public Domain? FindDomain(string name) => FoundDomain(VirDomain.virDomainLookupByName(_handle, name), nameof(VirDomain.virDomainLookupByName), name);

    /// <summary>The domain of that UUID, or null.</summary>
    public Domain? FindDomain(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        fixed (byte* p = bytes)
            return FoundDomain(VirDomain.virDomainLookupByUUID(_handle, p), nameof(VirDomain.virDomainLookupByUUID), uuid.ToString());
    }

    /// <summary>Defines, or redefines by UUID, a persistent domain; <paramref name="validate"/> checks the XML against libvirt's schema first.</summary>
    public Domain DefineDomain(string xml, bool validate = false)
    {
        var domain = VirDomain.virDomainDefineXMLFlags(_handle, xml, validate ? 1u : 0);
        return domain.IsInvalid ? throw LibvirtException.Last(nameof(VirDomain.virDomainDefineXMLFlags), Uri) : new Domain(_handle, domain);
    }

    /// <summary>Starts a transient domain; its definition is gone when it stops.</summary>
    public Domain StartTransientDomain(string xml, DomainStartOptions options = DomainStartOptions.None)
    {
        var domain = VirDomain.virDomainCreateXML(_handle, xml, (uint)options);
        return domain.IsInvalid ? throw LibvirtException.Last(nameof(VirDomain.virDomainCreateXML), Uri) : new Domain(_handle, domain);
    }

    public IReadOnlyList<Network> ListNetworks()
    {
        nint* found = null;
        var count = Check(VirConnect.virConnectListAllNetworks(_handle, &found, 0), nameof(VirConnect.virConnectListAllNetworks));
        return Wrap(found, count, static p => new NetworkHandle(p), static h => new Network(h));
    }

    /// <summary>The network of that name, or null.</summary>
    public Network? FindNetwork(string name)
    {
        var network = VirNetwork.virNetworkLookupByName(_handle, name);
        if (!network.IsInvalid)
            return new Network(network);
        var error = LibvirtException.Last(nameof(VirNetwork.virNetworkLookupByName), name);
        return error.Kind == LibvirtErrorKind.NotFound ? null : throw error;
    }

    public Network DefineNetwork(string xml)
    {
        var network = VirNetwork.virNetworkDefineXML(_handle, xml);
        return network.IsInvalid ? throw LibvirtException.Last(nameof(VirNetwork.virNetworkDefineXML), Uri) : new Network(network);
    }

    private Domain? FoundDomain(DomainHandle domain, string function, string subject)
    {
        if (!domain.IsInvalid)
            return new Domain(_handle, domain);
        var error = LibvirtException.Last(function, subject);
        return error.Kind == LibvirtErrorKind.NotFound ? null : throw error;
    }

    /// <summary>Takes over a malloc'ed array of owned pointers. Handles first, so that none leaks when a wrapper throws.</summary>
    private static List<T> Wrap<THandle, T>(nint* found, int count, Func<nint, THandle> own, Func<THandle, T> wrap)
    {
        var handles = new List<THandle>(count);
        for (var i = 0; i < count; i++)
            handles.Add(own(found[i]));
        NativeMemory.Free(found);
        return handles.ConvertAll(h => wrap(h));
    }

    private static int? Find(VirConnect.StatsRecordLayout* record, ReadOnlySpan<byte> field)
    {
        for (var i = 0; i < record->Count; i++)
        {
            if (MemoryMarshal.CreateReadOnlySpanFromNullTerminated(record->Parameters[i].Field).SequenceEqual(field))
                return (int)record->Parameters[i].Value; // VIR_TYPED_PARAM_INT
        }

        return null;
    }
}
