using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;

namespace Ramet.Core.Doctor;

/// <summary>
/// Compares what the catalog says with what libvirt and the datastores have, and looks at the environment. It changes
/// nothing. Work under way is not a finding: files are listed before the catalog is read (records come before their files),
/// and what looks wrong is looked at again before it is reported.
/// </summary>
public sealed class DoctorService(ICatalog catalog, IHypervisors hypervisors, ILayerStore store, OperationRunner runner)
{
    /// <param name="verify">Compare the digests of all sealed layers too: reads every one of them.</param>
    public async Task<DoctorReport> ExamineAsync(bool verify, CancellationToken cancellationToken)
    {
        var diagnosis = new Diagnosis();
        await using var session = catalog.OpenReadOnly();
        var hosts = await session.ListAsync(session.Hosts, cancellationToken);
        var datastores = await session.ListAsync(session.Datastores, cancellationToken);

        // A server that has just been started may not have reached its hosts yet.
        await Task.WhenAll(hosts.Select(h => hypervisors.Get(h.Id).StartAsync(cancellationToken)));
        foreach (var host in hosts)
            await EnvironmentChecks.HostAsync(diagnosis, host, hypervisors.Get(host.Id), cancellationToken);
        foreach (var datastore in datastores)
            await EnvironmentChecks.DatastoreAsync(diagnosis, datastore, store, cancellationToken);

        var files = new FileChecks(store, diagnosis);
        await files.ListAsync(datastores, cancellationToken);
        Dictionary<Guid, IReadOnlyList<DomainSummary>> domains = [];
        foreach (var host in hosts.Where(h => hypervisors.Get(h.Id).Status.Connected))
            domains[host.Id] = await hypervisors.Get(host.Id).ListDomainsAsync(cancellationToken);

        var graph = await LineageGraph.LoadAsync(session, cancellationToken);
        CheckRecords(diagnosis, graph);
        await files.CompareAsync(graph, verify, IsGoneAsync, cancellationToken);
        foreach (var host in hosts.Where(h => domains.ContainsKey(h.Id)))
            await new DomainChecks(diagnosis, runner).CompareAsync(graph, host, hypervisors.Get(host.Id), domains[host.Id], cancellationToken);
        return diagnosis.Report();
    }

    /// <summary>Records whose operation is gone, and layers that nobody needs.</summary>
    private void CheckRecords(Diagnosis diagnosis, LineageGraph graph)
    {
        foreach (var vm in graph.Vms.Values.Where(v => v.Lifecycle != VirtualMachines.VmLifecycle.Ready && runner.WorkingOn(v.Id) is null))
            diagnosis.Find(Severity.Error, "half-made-vm", vm.Name, $"'{vm.Name}' is {vm.Lifecycle.ToString().ToLowerInvariant()}, but no operation works on it", "restart ramet-server: it finishes or rolls back what was interrupted");
        foreach (var snapshot in graph.Snapshots.Values.Where(s => s.State != Snapshots.SnapshotState.Ready && runner.WorkingOn(s.VmId) is null))
            diagnosis.Find(Severity.Error, "half-made-snapshot", graph.NameOf(snapshot), $"the snapshot is {snapshot.State.ToString().ToLowerInvariant()}, but no operation works on it", "restart ramet-server: it finishes or rolls back what was interrupted");
        var needed = graph.CountSharers();
        foreach (var layer in graph.Layers.Values.Where(l => !needed.ContainsKey(l.Id) && l.State is not (LayerState.Creating or LayerState.Deleting) && runner.WorkingOn(l.OwnerId) is null))
            diagnosis.Find(Severity.Error, "unneeded-layer", layer.Path, "no VM and no snapshot needs this layer, but the catalog has it", "restart ramet-server, and report it as a defect if it stays");
        diagnosis.Checked("catalog", $"{graph.Vms.Count} VMs, {graph.Snapshots.Count} snapshots, {graph.Layers.Count} layers");
    }

    /// <summary>Whether a layer's record has gone (or is going) since the graph was read.</summary>
    private async Task<bool> IsGoneAsync(Layer layer, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var now = await session.FirstOrDefaultAsync(session.Layers.Where(l => l.Id == layer.Id), cancellationToken);
        return now is null || now.State is LayerState.Deleting or LayerState.Creating || runner.WorkingOn(now.OwnerId) is not null;
    }
}
