using Ramet.Core.Catalog;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;

namespace Ramet.Core.VirtualMachines;

/// <summary>What a host is told of a VM, from its records.</summary>
internal static class DomainDefinitions
{
    public static async Task<IReadOnlyList<DomainDefinition>> OfAsync(
        ICatalogSession session, IReadOnlyList<VirtualMachine> vms, string? templateXml, CancellationToken cancellationToken)
    {
        // Clones of one snapshot share all but their first layer: walk the shared chains once, level by level.
        var layers = await LayerLookup.ManyAsync(session, vms.SelectMany(v => v.Disks).Select(d => d.LayerId), cancellationToken);
        for (var missing = Missing(layers); missing.Count > 0; missing = Missing(layers))
        {
            var found = await LayerLookup.ManyAsync(session, missing, cancellationToken);
            if (found.Count == 0)
                break;
            foreach (var (id, layer) in found)
                layers[id] = layer;
        }

        return [.. vms.Select(vm => Of(vm, layers, templateXml))];
    }

    /// <summary>A disk's chain as the host wants it, active layer first.</summary>
    public static DomainDisk DiskOf(string target, IEnumerable<Layer> chain) => new(target, [.. chain.Select(l => new DomainLayer(l.Path, l.Format))]);

    private static List<Guid> Missing(Dictionary<Guid, Layer> layers) =>
        [.. layers.Values.Where(l => l.BackingLayerId is not null).Select(l => l.BackingLayerId!.Value).Distinct().Where(id => !layers.ContainsKey(id))];

    private static DomainDefinition Of(VirtualMachine vm, Dictionary<Guid, Layer> layers, string? templateXml) => new()
    {
        Id = vm.Id,
        Name = vm.Name,
        Description = vm.Description,
        Cpus = vm.Cpus,
        MemoryMiB = vm.MemoryMiB,
        Firmware = vm.Firmware,
        GenerationId = vm.GenerationId,
        Serial = vm.Serial,
        SeedPath = vm.SeedPath,
        TemplateXml = templateXml,
        Disks = [.. vm.Disks.OrderBy(d => d.Target, StringComparer.Ordinal).Select(d => DiskOf(d.Target, Chain(d.LayerId, layers)))],
        Nics = [.. vm.Nics.OrderBy(n => n.Index).Select(n => new DomainNic(n.Mac, n.Network))],
    };

    private static IEnumerable<Layer> Chain(Guid layerId, Dictionary<Guid, Layer> layers)
    {
        for (Guid? next = layerId; next is { } id; next = layers[id].BackingLayerId)
            yield return layers[id];
    }
}
