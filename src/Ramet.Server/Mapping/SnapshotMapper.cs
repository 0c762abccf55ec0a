using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;

namespace Ramet.Server.Mapping;

internal static class SnapshotMapper
{
    public static Contracts.Snapshot Map(Snapshot snapshot, LineageGraph graph, VmMapper layers) => new(
        snapshot.Id, snapshot.Name, graph.NameOf(snapshot), graph.Vms[snapshot.VmId].Name, snapshot.Description,
        snapshot.ParentSnapshotId is { } parent && graph.Snapshots.TryGetValue(parent, out var before) ? before.Name : null,
        OperationCopy.Word(snapshot.State), snapshot.Live, snapshot.Quiesced, graph.ClonesOf(snapshot.Id).Count(), snapshot.CreatedAt,
        [.. snapshot.Disks.OrderBy(d => d.Target, StringComparer.Ordinal).Select(d => layers.Map(graph.Layers[d.LayerId]))]);
}
