using System.ComponentModel;
using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Server.Auditing;

namespace Ramet.Server.Apis;

internal static class ConsoleApi
{
    public static void MapConsoleApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Console, ConnectAsync)
            .WithName("OpenConsole").WithTags("VMs").WithSummary("A VM's serial console, as a WebSocket")
            .WithDescription("Binary frames carry the bytes both ways. Closing it leaves the guest untouched.")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithMetadata(new AuditMetadata(Audited: true));
        // RFC 8441: how WebSockets begin on HTTP/2.
        routes.MapMethods(Routes.Console, [HttpMethods.Connect], ConnectAsync)
            .WithName("OpenConsoleOnHttp2").ExcludeFromDescription().WithMetadata(new AuditMetadata(Audited: true));
    }

    private static async Task ConnectAsync(
        HttpContext context,
        InventoryReader inventory,
        IHypervisors hypervisors,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        string vm,
        [Description("Take the console from whoever has it.")] bool? force)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new RametException(
                ErrorKind.InvalidArgument, "a console is a WebSocket, and this is a plain request", $"use 'ramet console {vm}', or a WebSocket client", vm);
        }

        var found = await inventory.FindAsync(vm, context.RequestAborted);
        await using var console = await hypervisors.Get(found.HostId).OpenConsoleAsync(found.Id, force ?? false, context.RequestAborted);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await new ConsoleBridge(console, socket, time).RunAsync(lifetime.ApplicationStopping, context.RequestAborted);
    }
}
