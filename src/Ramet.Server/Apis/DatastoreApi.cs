using Microsoft.AspNetCore.Http.HttpResults;
using Ramet.Contracts;
using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Datastore = Ramet.Contracts.Datastore;

namespace Ramet.Server.Apis;

internal static class DatastoreApi
{
    public static void MapDatastoreApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Datastores, ListAsync)
            .WithName("ListDatastores").WithTags("Datastores").WithSummary("Datastores and their space")
            .WithDescription("Sizes of a datastore that cannot be reached are 0; the doctor says why.");
        routes.MapPost(Routes.Datastores, AddAsync)
            .WithName("AddDatastore").WithTags("Datastores").WithSummary("Add a folder as a datastore")
            .WithDescription("The folder is made where it is missing. QEMU's user must be able to pass through the folders above it.");
    }

    private static async Task<IReadOnlyList<Datastore>> ListAsync(ICatalog catalog, ILayerStore store, CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        var datastores = await session.ListAsync(session.Datastores.OrderBy(d => d.Name), cancellationToken);
        List<Datastore> result = [];
        foreach (var datastore in datastores)
        {
            var layers = await session.CountAsync(session.Layers.Where(l => l.DatastoreId == datastore.Id), cancellationToken);
            result.Add(Map(datastore, await SpaceAsync(store, datastore, cancellationToken), layers));
        }

        return result;
    }

    private static async Task<Created<Datastore>> AddAsync(
        DatastoreService service, ILayerStore store, DatastoreRequest request, CancellationToken cancellationToken)
    {
        var added = await service.AddAsync(request.Name, request.Path, request.Tier, cancellationToken);
        return TypedResults.Created(Routes.Datastores, Map(added, await SpaceAsync(store, added, cancellationToken), 0));
    }

    private static async Task<DatastoreSpace> SpaceAsync(ILayerStore store, Core.Datastores.Datastore datastore, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetSpaceAsync(datastore, cancellationToken);
        }
        catch (RametException)
        {
            // One that is not mounted must not hide the others.
            return new DatastoreSpace(0, 0, 0);
        }
    }

    private static Datastore Map(Core.Datastores.Datastore datastore, DatastoreSpace space, int layers) =>
        new(datastore.Id, datastore.Name, datastore.Path, datastore.Tier, space.TotalBytes, space.FreeBytes, space.LayerBytes, layers);
}
