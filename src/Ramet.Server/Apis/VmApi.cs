using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Ramet.Contracts;
using Ramet.Core.Hosts;
using Ramet.Core.VirtualMachines;
using Ramet.Server.Auditing;
using Ramet.Server.Mapping;
using VirtualMachine = Ramet.Contracts.VirtualMachine;

namespace Ramet.Server.Apis;

/// <summary>What VMs there are and what is known of one. See <see cref="VmWorkApi"/> for what can be done with them.</summary>
internal static class VmApi
{
    public static void MapVmApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Vms, ListAsync)
            .WithName("ListVms").WithTags("VMs").WithSummary("VMs, by name")
            .WithDescription("All of them, unless `name` or `allClonesOf` choose; what these choose adds up. Chains are only in the answer for a single VM.");
        routes.MapGet(Routes.Vm, GetAsync)
            .WithName("GetVm").WithTags("VMs").WithSummary("A VM with the chains of its disks");
        routes.MapGet(Routes.Addresses, ListAddressesAsync)
            .WithName("ListAddresses").WithTags("VMs").WithSummary("Addresses that a VM's guest has")
            .WithDescription("Asked of the guest agent, else of the network's DHCP leases, else of the host's ARP table; empty when none of them knows.");
        routes.MapPost(Routes.DeletePreview, PreviewDeleteAsync)
            .WithName("PreviewDelete").WithTags("VMs").WithSummary("What deleting VMs would mean; changes nothing")
            .WithMetadata(new AuditMetadata(Audited: false));
    }

    private static async Task<IReadOnlyList<VirtualMachine>> ListAsync(
        InventoryReader inventory,
        [FromQuery(Name = "name")][Description("A name, or a pattern with * and ?; may be repeated.")] string[]? names,
        [Description("A snapshot (debian12@v1) or a VM (debian12).")] string? allClonesOf,
        CancellationToken cancellationToken)
    {
        var (graph, mapper) = await inventory.ReadAsync(cancellationToken);
        var vms = Selection(names, allClonesOf)?.Resolve(graph) ?? [.. graph.Vms.Values.OrderBy(v => v.Name, StringComparer.Ordinal)];
        return [.. vms.Select(v => mapper.Map(v, withChains: false))];
    }

    private static async Task<VirtualMachine> GetAsync(InventoryReader inventory, string vm, CancellationToken cancellationToken)
    {
        var (graph, mapper) = await inventory.ReadAsync(cancellationToken);
        return mapper.Map(Core.VirtualMachines.VmSelection.Find(graph, vm), withChains: true);
    }

    private static async Task<IReadOnlyList<Address>> ListAddressesAsync(
        InventoryReader inventory, IHypervisors hypervisors, string vm, CancellationToken cancellationToken)
    {
        var found = await inventory.FindAsync(vm, cancellationToken);
        var addresses = await hypervisors.Get(found.HostId).GetAddressesAsync(found.Id, cancellationToken);
        return [.. addresses.Select(a => new Address(a.Interface, a.Mac, a.Address, a.PrefixLength, a.Source))];
    }

    private static async Task<Contracts.DeletePreview> PreviewDeleteAsync(
        DeleteService service, DeleteRequest request, CancellationToken cancellationToken)
    {
        var preview = await service.PreviewAsync(Selection(request), request.WithClones, cancellationToken);
        return new(
            [.. preview.Targets.Select(v => v.Name)], [.. preview.Dependents.Select(v => v.Name)], preview.Snapshots, preview.FreedBytes, preview.PromoteBytes);
    }

    public static Core.VirtualMachines.VmSelection Selection(Contracts.VmSelection request) => new(request.Names, request.AllClonesOf);

    /// <summary>Null when nothing is chosen, which means everything where a call only reads.</summary>
    public static Core.VirtualMachines.VmSelection? Selection(string[]? names, string? allClonesOf) =>
        names is not { Length: > 0 } && allClonesOf is null ? null : new(names, allClonesOf);
}
