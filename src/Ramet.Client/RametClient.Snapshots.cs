using Ramet.Contracts;

namespace Ramet.Client;

/// <content>Snapshots.</content>
public sealed partial class RametClient
{
    public Task<IReadOnlyList<Snapshot>> ListSnapshotsAsync(string vm, CancellationToken cancellationToken = default) =>
        GetAsync(Fill(Routes.Snapshots, "{vm}", vm), j => j.IReadOnlyListSnapshot, cancellationToken);

    public Task<Operation> CreateSnapshotAsync(string vm, SnapshotRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Fill(Routes.Snapshots, "{vm}", vm), request, RametJson.Default.SnapshotRequest, j => j.Operation, cancellationToken);
}
