using System.Security.Cryptography;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Identity;

/// <summary>Makes what tells one machine from another: UUID, MAC addresses, VM generation id, serial, machine-id, instance-id.</summary>
public sealed class IdentityFactory(TimeProvider time)
{
    /// <summary>A VM's id; sorts by the time it was made.</summary>
    public Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>A domain UUID: random (version 4), because guests derive identities from it.</summary>
    public static Guid NewVmId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>
    /// A MAC address in QEMU's locally administered range (52:54:…), but with four random bytes instead of three: among
    /// 10,000 VMs three bytes give a twin with a probability of 95 %, four of 1 %, and the catalog's unique index catches it.
    /// </summary>
    /// <param name="taken">Addresses in use; the new one is added.</param>
    public static string NewMac(ISet<string> taken)
    {
        Span<byte> random = stackalloc byte[4];
        string mac;
        do
        {
            RandomNumberGenerator.Fill(random);
            mac = $"52:54:{random[0]:x2}:{random[1]:x2}:{random[2]:x2}:{random[3]:x2}";
        }
        while (!taken.Add(mac));
        return mac;
    }

    /// <summary>Gives a VM a generation id and an instance-id that nobody has: after clone, refresh, revert.</summary>
    public static void Renew(VirtualMachine vm)
    {
        vm.GenerationId = NewVmId();
        vm.InstanceId = $"ramet-{NewVmId():N}";
    }

    /// <summary>machine-id(5): 32 lower-case hex digits, a version 4 UUID without hyphens.</summary>
    public static string NewMachineId() => NewVmId().ToString("N");

    /// <summary>SMBIOS serial number.</summary>
    public static string NewSerial() => "RAMET-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
}
