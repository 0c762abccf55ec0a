namespace Ramet.Core.Hosts;

/// <summary>How a host's domains run.</summary>
public enum VirtualizationType
{
    /// <summary>Not found out yet.</summary>
    Unknown = 0,
    /// <summary>Hardware virtualization; proven by a guest that ran.</summary>
    Kvm = 1,
    /// <summary>Software emulation (TCG), because KVM is absent or does not run guests.</summary>
    Qemu = 2,
}

/// <summary>What is known of a host just now; not persisted.</summary>
/// <param name="Connected">Whether libvirt answers.</param>
/// <param name="Error">Why it does not, for a user.</param>
/// <param name="Virtualization">How guests run there.</param>
/// <param name="VirtualizationReason">Why not by KVM; null where KVM is used or nothing is known.</param>
/// <param name="LibvirtVersion">Such as "9.0.0".</param>
/// <param name="QemuVersion">Such as "7.2.22".</param>
/// <param name="Cpus">Logical processors.</param>
/// <param name="MemoryBytes">Physical memory.</param>
public sealed record HostStatus(
    bool Connected, string? Error, VirtualizationType Virtualization, string? VirtualizationReason,
    string? LibvirtVersion, string? QemuVersion, int Cpus, long MemoryBytes);
