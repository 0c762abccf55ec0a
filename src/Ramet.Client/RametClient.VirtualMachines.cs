using Ramet.Contracts;

namespace Ramet.Client;

/// <content>VMs. What changes something returns the operation that does it: see <see cref="WaitForOperationAsync"/>.</content>
public sealed partial class RametClient
{
    /// <param name="selection">Null for all.</param>
    public Task<IReadOnlyList<VirtualMachine>> ListVmsAsync(VmSelection? selection = null, CancellationToken cancellationToken = default) =>
        GetAsync(Query(Routes.Vms, [.. Names(selection?.Names), ("allClonesOf", selection?.AllClonesOf)]),
            j => j.IReadOnlyListVirtualMachine, cancellationToken);

    /// <summary>One VM, with the chains of its disks.</summary>
    public Task<VirtualMachine> GetVmAsync(string vm, CancellationToken cancellationToken = default) =>
        GetAsync(Fill(Routes.Vm, "{vm}", vm), j => j.VirtualMachine, cancellationToken);

    public Task<IReadOnlyList<Address>> ListAddressesAsync(string vm, CancellationToken cancellationToken = default) =>
        GetAsync(Fill(Routes.Addresses, "{vm}", vm), j => j.IReadOnlyListAddress, cancellationToken);

    public Task<Operation> ImportAsync(ImportRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Import, request, RametJson.Default.ImportRequest, j => j.Operation, cancellationToken);

    public Task<Operation> AdoptAsync(AdoptRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Adopt, request, RametJson.Default.AdoptRequest, j => j.Operation, cancellationToken);

    public Task<Operation> CloneAsync(CloneRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Clone, request, RametJson.Default.CloneRequest, j => j.Operation, cancellationToken);

    public Task<Operation> StartAsync(VmSelection selection, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Start, selection, RametJson.Default.VmSelection, j => j.Operation, cancellationToken);

    public Task<Operation> StopAsync(StopRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Stop, request, RametJson.Default.StopRequest, j => j.Operation, cancellationToken);

    public Task<Operation> RestartAsync(StopRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Restart, request, RametJson.Default.StopRequest, j => j.Operation, cancellationToken);

    public Task<Operation> RefreshAsync(StopRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Refresh, request, RametJson.Default.StopRequest, j => j.Operation, cancellationToken);

    public Task<Operation> PromoteAsync(VmSelection selection, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Promote, selection, RametJson.Default.VmSelection, j => j.Operation, cancellationToken);

    public Task<Operation> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Delete, request, RametJson.Default.DeleteRequest, j => j.Operation, cancellationToken);

    /// <summary>What <see cref="DeleteAsync"/> would free, and what is in its way. Changes nothing.</summary>
    public Task<DeletePreview> PreviewDeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.DeletePreview, request, RametJson.Default.DeleteRequest, j => j.DeletePreview, cancellationToken);

    private static IEnumerable<(string, string?)> Names(IReadOnlyList<string>? names) =>
        names is null ? [] : names.Select(n => ("name", (string?)n));
}
