using Ramet.Contracts;

namespace Ramet.Client;

/// <content>Hosts, datastores, and what stands on them.</content>
public sealed partial class RametClient
{
    public Task<IReadOnlyList<Host>> ListHostsAsync(CancellationToken cancellationToken = default) =>
        GetAsync(Routes.Hosts, j => j.IReadOnlyListHost, cancellationToken);

    public Task<IReadOnlyList<Datastore>> ListDatastoresAsync(CancellationToken cancellationToken = default) =>
        GetAsync(Routes.Datastores, j => j.IReadOnlyListDatastore, cancellationToken);

    public Task<Datastore> AddDatastoreAsync(DatastoreRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Datastores, request, RametJson.Default.DatastoreRequest, j => j.Datastore, cancellationToken);

    /// <param name="vm">Null for every lineage.</param>
    public Task<IReadOnlyList<TreeNode>> GetTreeAsync(string? vm = null, CancellationToken cancellationToken = default) =>
        GetAsync(Query(Routes.Tree, ("vm", vm)), j => j.IReadOnlyListTreeNode, cancellationToken);

    /// <param name="names">Names or patterns; null or empty for all.</param>
    public Task<Usage> GetUsageAsync(IReadOnlyList<string>? names = null, CancellationToken cancellationToken = default) =>
        GetAsync(Query(Routes.Usage, Names(names)), j => j.Usage, cancellationToken);
}
