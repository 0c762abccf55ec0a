using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Ramet.Contracts;
using Ramet.Core.Hosts;
using Ramet.Core.Lineage;
using Ramet.Core.Usage;
using Ramet.Server.Mapping;

namespace Ramet.Server.Apis;

/// <summary>Who descends from whom, and what that saves.</summary>
internal static class LineageApi
{
    public static void MapLineageApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Tree, GetTreeAsync)
            .WithName("GetTree").WithTags("Lineage").WithSummary("VMs, their snapshots, the clones of these, and so on down")
            .WithDescription("Each node's `allocatedBytes` are its own layers' only, so that they add up.");
        routes.MapGet(Routes.Usage, GetUsageAsync)
            .WithName("GetUsage").WithTags("Lineage").WithSummary("Space that VMs take, share, and would take as full copies");
    }

    private static async Task<IReadOnlyList<TreeNode>> GetTreeAsync(
        InventoryReader inventory,
        UsageService usage,
        IHypervisors hypervisors,
        [Description("Only this VM and what is below it.")] string? vm,
        CancellationToken cancellationToken)
    {
        var (graph, _) = await inventory.ReadAsync(cancellationToken);
        var space = await usage.MeasureLayersAsync(graph.Layers.Values, cancellationToken);
        var mapper = new LineageMapper(graph, space, hypervisors);
        var roots = vm is null ? Roots(graph) : [Core.VirtualMachines.VmSelection.Find(graph, vm)];
        return [.. roots.Select(mapper.Map)];
    }

    private static async Task<Contracts.Usage> GetUsageAsync(
        UsageService usage,
        [FromQuery(Name = "name")][Description("A name, or a pattern with * and ?; may be repeated.")] string[]? names,
        CancellationToken cancellationToken) =>
        LineageMapper.Map(await usage.MeasureAsync(VmApi.Selection(names, null), cancellationToken));

    /// <summary>VMs that are nobody's clone, by name.</summary>
    private static IEnumerable<Core.VirtualMachines.VirtualMachine> Roots(LineageGraph graph) => graph.Vms.Values
        .Where(v => v.OriginSnapshotId is not { } origin || !graph.Snapshots.ContainsKey(origin))
        .OrderBy(v => v.Name, StringComparer.Ordinal);
}
