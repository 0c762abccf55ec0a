using System.Runtime.InteropServices;
using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <content>What needs the guest: its agent, its addresses, its console.</content>
public sealed unsafe partial class Domain
{
    /// <summary>Freezes all the guest's file systems through the agent; returns how many.</summary>
    public int FreezeFileSystems() => Check(VirDomain.virDomainFSFreeze(_handle, null, 0, 0), nameof(VirDomain.virDomainFSFreeze));

    /// <summary>Thaws what <see cref="FreezeFileSystems"/> froze; returns how many.</summary>
    public int ThawFileSystems() => Check(VirDomain.virDomainFSThaw(_handle, null, 0, 0), nameof(VirDomain.virDomainFSThaw));

    /// <summary>
    /// Sends a JSON command to the guest agent and returns its JSON reply (virDomainQemuAgentCommand).
    /// Throws <see cref="LibvirtErrorKind.AgentUnavailable"/> when nobody answers within the timeout (whole seconds).
    /// </summary>
    public string SendAgentCommand(string json, TimeSpan timeout) =>
        LibvirtException.Check(
            VirDomain.virDomainQemuAgentCommand(_handle, json, Math.Max(1, (int)timeout.TotalSeconds), 0),
            nameof(VirDomain.virDomainQemuAgentCommand), Name);

    /// <summary>The addresses of the guest's interfaces, by the given source.</summary>
    public IReadOnlyList<GuestInterface> GetInterfaceAddresses(AddressSource source)
    {
        VirDomain.InterfaceLayout** entries = null;
        var count = Check(VirDomain.virDomainInterfaceAddresses(_handle, &entries, (uint)source, 0), nameof(VirDomain.virDomainInterfaceAddresses));
        var result = new List<GuestInterface>(count);
        try
        {
            for (var i = 0; i < count; i++)
                result.Add(Copy(entries[i]));
            return result;
        }
        finally
        {
            for (var i = 0; i < count; i++)
                VirDomain.virDomainInterfaceFree(entries[i]);
            NativeMemory.Free(entries);
        }
    }

    /// <summary>Connects to a serial or console device (null: the first) of a running domain.</summary>
    public ConsoleStream OpenConsole(string? device = null, ConsoleOptions options = ConsoleOptions.None)
    {
        var stream = VirStream.virStreamNew(_connection, VirStream.NonBlocking);
        if (stream.IsInvalid)
            throw LibvirtException.Last(nameof(VirStream.virStreamNew), Name);
        if (VirDomain.virDomainOpenConsole(_handle, device, stream, (uint)options) < 0)
        {
            var error = LibvirtException.Last(nameof(VirDomain.virDomainOpenConsole), Name);
            stream.Dispose();
            throw error;
        }

        return new ConsoleStream(stream, Name);
    }

    private static GuestInterface Copy(VirDomain.InterfaceLayout* entry)
    {
        var addresses = new GuestAddress[entry->AddressCount];
        for (var i = 0; i < addresses.Length; i++)
            addresses[i] = new GuestAddress(NativeText.Borrow(entry->Addresses[i].Address), (int)entry->Addresses[i].Prefix);
        return new GuestInterface(NativeText.Borrow(entry->Name), NativeText.BorrowOrNull(entry->Mac), addresses);
    }
}
