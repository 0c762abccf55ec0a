using System.Collections.Concurrent;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Doctor;

/// <summary>The catalog against libvirt's domains.</summary>
internal sealed class DomainChecks(Diagnosis diagnosis, OperationRunner runner)
{
    private const int Parallelism = 4;

    public async Task CompareAsync(LineageGraph graph, Host host, IHypervisor hypervisor, IReadOnlyList<DomainSummary> domains, CancellationToken cancellationToken)
    {
        var byId = domains.ToDictionary(d => d.Id);
        foreach (var domain in domains.Where(d => d.RametVmId is { } id && !graph.Vms.ContainsKey(id) && runner.WorkingOn(id) is null))
            diagnosis.Find(Severity.Error, "unknown-domain", domain.Name, "the domain carries Ramet's mark, but the catalog does not have it", $"look at it, then 'virsh undefine {domain.Name}', or 'ramet adopt {domain.Name}'");

        var ready = graph.Vms.Values.Where(v => v.HostId == host.Id && v.Lifecycle == VmLifecycle.Ready && runner.WorkingOn(v.Id) is null).ToList();
        foreach (var vm in ready.Where(v => !byId.ContainsKey(v.Id)))
            diagnosis.Find(Severity.Error, "missing-domain", vm.Name, $"'{vm.Name}' is in the catalog, but libvirt has no such domain", "restore the definition, or delete the VM with 'ramet delete'");

        var wrong = new ConcurrentBag<Finding>();
        await Parallel.ForEachAsync(ready.Where(v => byId.ContainsKey(v.Id)), new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (vm, cancelled) =>
            {
                if (await FindWrongDiskAsync(graph, hypervisor, vm, cancelled) is { } finding)
                    wrong.Add(finding);
            });
        foreach (var finding in wrong.OrderBy(f => f.Object, StringComparer.Ordinal))
            diagnosis.Find(finding.Severity, finding.Code, finding.Object, finding.Message, finding.Remedy);
        diagnosis.Checked($"domains of {host.Name}", $"{domains.Count} domains, {ready.Count} under management");
    }

    private async Task<Finding?> FindWrongDiskAsync(LineageGraph graph, IHypervisor hypervisor, VirtualMachine vm, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> paths;
        try
        {
            paths = await hypervisor.GetDiskPathsAsync(vm.Id, cancellationToken);
        }
        catch (RametException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null; // Deleted since the listing.
        }

        foreach (var disk in vm.Disks)
        {
            var expected = graph.Layers.TryGetValue(disk.LayerId, out var layer) ? layer.Path : "?";
            if (paths.TryGetValue(disk.Target, out var path) && path == expected)
                continue;
            if (runner.WorkingOn(vm.Id) is not null)
                return null;
            return new Finding(Severity.Error, "wrong-disk", vm.Name, $"disk {disk.Target} of '{vm.Name}' is {path ?? "gone"} in libvirt, {expected} in the catalog",
                "somebody changed the domain behind Ramet's back: point it at the catalog's layer again with virsh edit");
        }

        return null;
    }
}
