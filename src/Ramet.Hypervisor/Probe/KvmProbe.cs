using System.Text;
using System.Xml.Linq;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Hypervisor.Connections;
using Ramet.Hypervisor.Xml;
using Ramet.Libvirt;

namespace Ramet.Hypervisor.Probe;

/// <summary>
/// Finds out whether KVM runs guests, by running one: /dev/kvm can exist, and libvirt offer it, where the first instruction kills QEMU (nested
/// virtualization, masked MSRs). The guest is transient, has the CPU that ours get, and is destroyed with the connection.
/// </summary>
internal sealed class KvmProbe(HostLink link, string stateFolder, TimeProvider time)
{
    /// <summary>Long, for the sake of a busy host: a wrong "no" costs its guests a factor of ten until the next start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <returns>KVM, or software emulation with the reason.</returns>
    public async Task<(VirtualizationType Type, string? Reason)> RunAsync(CancellationToken cancellationToken)
    {
        var image = WriteDisk();
        try
        {
            var reason = await TryAsync(VirtualizationType.Kvm, image, cancellationToken);
            return reason is null ? (VirtualizationType.Kvm, null) : (VirtualizationType.Qemu, reason);
        }
        finally
        {
            File.Delete(image);
        }
    }

    /// <summary>Why guests of that type do not run; null when one did.</summary>
    internal async Task<string?> TryAsync(VirtualizationType type, string image, CancellationToken cancellationToken)
    {
        var xml = Definition(type, image).ToString(SaveOptions.DisableFormatting);
        Domain? domain = null;
        try
        {
            domain = await link.CallAsync(
                Lane.Bulk, "start the KVM probe", c => c.StartTransientDomain(xml, DomainStartOptions.AutoDestroy), cancellationToken);
            using var console = await link.CallAsync(Lane.Bulk, "open the KVM probe's console", _ => domain.OpenConsole(), cancellationToken);
            return await HearsAsync(console, cancellationToken) ? null : "the probe guest was started and executed nothing";
        }
        catch (RametException e) when (e.Kind != ErrorKind.HostUnavailable)
        {
            return Shorten((e.InnerException as LibvirtException)?.Reason ?? e.Message);
        }
        finally
        {
            if (domain is not null)
                await DestroyAsync(domain);
        }
    }

    private async Task<bool> HearsAsync(Stream console, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var heard = new StringBuilder();
        var buffer = new byte[256];
        try
        {
            int count;
            while ((count = await console.ReadAsync(buffer, either.Token)) > 0)
            {
                heard.Append(Encoding.ASCII.GetString(buffer, 0, count));
                if (heard.ToString().Contains(BootSector.Word, StringComparison.Ordinal))
                    return true;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing came in time.
        }
        catch (IOException)
        {
            // The guest died under the console.
        }

        return false;
    }

    private async Task DestroyAsync(Domain domain)
    {
        using (domain)
        {
            try
            {
                await link.CallAsync(
                    Lane.Bulk, "end the KVM probe",
                    _ =>
                    {
                        domain.Destroy();
                        return true;
                    },
                    CancellationToken.None);
            }
            catch (RametException)
            {
                // It ended by itself, or the daemon ends it with the connection (auto-destroy).
            }
        }
    }

    private string WriteDisk()
    {
        Directory.CreateDirectory(stateFolder);
        var path = Path.Combine(stateFolder, $"kvm-probe-{Guid.NewGuid():N}.img");
        File.WriteAllBytes(path, BootSector.CreateDisk());
        return path;
    }

    private static XElement Definition(VirtualizationType type, string image) => new(
        "domain", new XAttribute("type", DomainXmlWriter.Type(type)),
        new XElement("name", "ramet-probe-" + Guid.NewGuid().ToString("N")[..12]),
        new XElement("memory", new XAttribute("unit", "MiB"), 32),
        new XElement("vcpu", 1),
        DomainXmlWriter.Cpu(type),
        new XElement("os", new XElement("type", new XAttribute("arch", "x86_64"), new XAttribute("machine", "q35"), "hvm")),
        new XElement("on_crash", "destroy"),
        new XElement(
            "devices",
            new XElement(
                "disk", new XAttribute("type", "file"), new XAttribute("device", "disk"),
                new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "raw")),
                new XElement("source", new XAttribute("file", image)),
                new XElement("target", new XAttribute("dev", "vda"), new XAttribute("bus", "virtio")),
                new XElement("readonly")),
            new XElement("serial", new XAttribute("type", "pty")),
            new XElement("memballoon", new XAttribute("model", "none"))));

    /// <summary>QEMU's own first complaint: libvirt puts its log before and after it, line ends written as \x0a.</summary>
    private static string Shorten(string reason)
    {
        var lines = reason.Split(["\\x0a", "\n"], StringSplitOptions.TrimEntries);
        var at = lines[0].IndexOf("qemu-system-", StringComparison.Ordinal);
        return at < 0 ? lines[0] : lines[0][at..];
    }
}
