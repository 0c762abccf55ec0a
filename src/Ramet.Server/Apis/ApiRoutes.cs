using Microsoft.AspNetCore.Http.HttpResults;
using Ramet.Contracts;
using Ramet.Server.Auditing;
using Ramet.Server.OpenApi;

namespace Ramet.Server.Apis;

/// <summary>Every endpoint, a file per noun.</summary>
internal static class ApiRoutes
{
    public static void MapApi(this WebApplication app)
    {
        app.MapVersionApi();
        app.MapHostApi();
        app.MapDatastoreApi();
        app.MapVmApi();
        app.MapVmWorkApi();
        app.MapSnapshotApi();
        app.MapConsoleApi();
        app.MapLineageApi();
        app.MapOperationApi();
        app.MapEventApi();
        app.MapTokenApi();
        app.MapDoctorApi();
        app.MapHealthApi();
        app.MapOpenApiDocument();
    }

    /// <summary>The answer to a call that began an operation: 202, its address, the operation; its id goes to the audit line.</summary>
    public static Accepted<Operation> Begun(HttpContext context, Core.Operations.Operation operation)
    {
        context.Features.Set(new BegunOperation(operation.Id));
        return TypedResults.Accepted(AddressOf(operation.Id), Mapping.OperationMapper.Map(operation));
    }

    public static string AddressOf(Guid operation) => Routes.Operation.Replace("{id}", operation.ToString(), StringComparison.Ordinal);
}
