namespace Ramet.Hypervisor;

/// <summary>How to reach one host.</summary>
/// <param name="Uri">libvirt connection URI, such as <c>qemu:///system</c>.</param>
/// <param name="StateFolder">Where the probe puts its boot sector; QEMU's user must be able to reach it. Made when missing.</param>
/// <param name="ConsoleLogFolder">Where each domain's serial output is kept, as <c>ID.log</c>; null for no logs. Made when missing.</param>
public sealed record LibvirtHypervisorOptions(string Uri, string StateFolder, string? ConsoleLogFolder = null);
