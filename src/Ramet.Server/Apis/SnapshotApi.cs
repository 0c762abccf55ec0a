using Microsoft.AspNetCore.Http.HttpResults;
using Ramet.Contracts;
using Ramet.Core.Snapshots;
using Ramet.Server.Mapping;
using Ramet.Server.Security;
using Snapshot = Ramet.Contracts.Snapshot;

namespace Ramet.Server.Apis;

internal static class SnapshotApi
{
    public static void MapSnapshotApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Snapshots, ListAsync)
            .WithName("ListSnapshots").WithTags("Snapshots").WithSummary("A VM's snapshots, oldest first");
        routes.MapPost(Routes.Snapshots, CreateAsync)
            .WithName("CreateSnapshot").WithTags("Snapshots").WithSummary("Make a snapshot of a VM")
            .WithDescription("Of a running VM too: its file systems are frozen for an instant where it has a guest agent, and it goes on writing to a new layer.");
    }

    private static async Task<IReadOnlyList<Snapshot>> ListAsync(InventoryReader inventory, string vm, CancellationToken cancellationToken)
    {
        var (graph, mapper) = await inventory.ReadAsync(cancellationToken);
        var owner = Core.VirtualMachines.VmSelection.Find(graph, vm);
        return [.. graph.SnapshotsOf(owner.Id).Select(s => SnapshotMapper.Map(s, graph, mapper))];
    }

    private static async Task<Accepted<Operation>> CreateAsync(
        SnapshotService service, HttpContext context, string vm, SnapshotRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.CreateAsync(vm, request.Name, request.Description, context.User.Actor(), cancellationToken));
}
