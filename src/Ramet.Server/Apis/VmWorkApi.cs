using Microsoft.AspNetCore.Http.HttpResults;
using Ramet.Contracts;
using Ramet.Core.Import;
using Ramet.Core.LinkedClones;
using Ramet.Core.VirtualMachines;
using Ramet.Server.Mapping;
using Ramet.Server.Security;

namespace Ramet.Server.Apis;

/// <summary>What can be done with VMs: every call begins an operation.</summary>
internal static class VmWorkApi
{
    private const string Auto = "auto";

    public static void MapVmWorkApi(this IEndpointRouteBuilder routes)
    {
        Map(routes, Routes.Import, ImportAsync, "ImportVm", "Make a VM of a disk image");
        Map(routes, Routes.Adopt, AdoptAsync, "AdoptVm", "Take a VM that libvirt has under management, its disks left where they are");
        Map(routes, Routes.Clone, CloneAsync, "CloneVm", "Clone a snapshot or a VM");
        Map(routes, Routes.Start, StartAsync, "StartVms", "Start VMs");
        Map(routes, Routes.Stop, StopAsync, "StopVms", "Stop VMs: guest agent, then ACPI, then destroy when the grace time is over");
        Map(routes, Routes.Restart, RestartAsync, "RestartVms", "Stop VMs and start them again");
        Map(routes, Routes.Refresh, RefreshAsync, "RefreshVms", "Take linked clones back to the snapshot they were cloned from");
        Map(routes, Routes.Promote, PromoteAsync, "PromoteVms", "Make linked clones independent of what they were cloned from");
        Map(routes, Routes.Delete, DeleteAsync, "DeleteVms", "Delete VMs; refused with the list when something depends on them");
    }

    private static void Map(IEndpointRouteBuilder routes, string address, Delegate handler, string name, string summary) =>
        routes.MapPost(address, handler).WithName(name).WithTags("VMs").WithSummary(summary);

    private static async Task<Accepted<Operation>> ImportAsync(
        ImportService service, HttpContext context, ImportRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.ImportAsync(
            new ImportOptions(
                request.Source, request.Name, request.Sha256, request.Format, request.Datastore, request.Cpus, request.MemoryMiB, request.Network,
                request.Firmware is null ? Firmware.Bios : Words.Parse<Firmware>(request.Firmware, "firmware"), CloudInit(request.CloudInit),
                request.UserData, request.SshKeys, request.Description, request.Start),
            context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> AdoptAsync(
        AdoptService service, HttpContext context, AdoptRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.AdoptAsync(
            request.Domain, CloudInit(request.CloudInit) ?? CloudInitSupport.Unknown, context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> CloneAsync(
        CloneService service, HttpContext context, CloneRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.CloneAsync(
            new CloneOptions(
                request.Source, request.Name, request.Start, request.Cpus, request.MemoryMiB, request.Full, request.Datastore, request.Network,
                request.UserData, request.SshKeys, request.Description),
            context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> StartAsync(
        PowerService service, HttpContext context, Contracts.VmSelection request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.StartAsync(VmApi.Selection(request), context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> StopAsync(
        PowerService service, HttpContext context, StopRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.StopAsync(VmApi.Selection(request), Grace(request), context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> RestartAsync(
        PowerService service, HttpContext context, StopRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.RestartAsync(VmApi.Selection(request), Grace(request), context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> RefreshAsync(
        RefreshService service, HttpContext context, StopRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.RefreshAsync(VmApi.Selection(request), request.Force, context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> PromoteAsync(
        PromoteService service, HttpContext context, Contracts.VmSelection request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.PromoteAsync(VmApi.Selection(request), context.User.Actor(), cancellationToken));

    private static async Task<Accepted<Operation>> DeleteAsync(
        DeleteService service, HttpContext context, DeleteRequest request, CancellationToken cancellationToken) =>
        ApiRoutes.Begun(context, await service.DeleteAsync(
            VmApi.Selection(request), request.PromoteClones, request.WithClones, request.Force, context.User.Actor(), cancellationToken));

    private static TimeSpan Grace(StopRequest request) =>
        request.Force ? TimeSpan.Zero
        : request.GraceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds)
        : PowerService.DefaultGrace;

    /// <summary>Null: to be found out.</summary>
    private static CloudInitSupport? CloudInit(string? word) =>
        word is null or Auto ? null : Words.Parse<CloudInitSupport>(word, "cloudInit");
}
