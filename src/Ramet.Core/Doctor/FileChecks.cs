using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.Lineage;

namespace Ramet.Core.Doctor;

/// <summary>The catalog against the datastores' files.</summary>
internal sealed class FileChecks(ILayerStore store, Diagnosis diagnosis)
{
    private readonly List<FoundFile> _files = [];

    public async Task ListAsync(IEnumerable<Datastore> datastores, CancellationToken cancellationToken)
    {
        foreach (var datastore in datastores)
        {
            try
            {
                _files.AddRange(await store.ListFilesAsync(datastore, cancellationToken));
            }
            catch (RametException)
            {
                // Reported as unreachable by the environment's checks.
            }
        }
    }

    /// <param name="isGone">Whether a layer's record has changed since the graph was read.</param>
    public async Task CompareAsync(LineageGraph graph, bool verify, Func<Layer, CancellationToken, Task<bool>> isGone, CancellationToken cancellationToken)
    {
        var known = graph.Layers.Values.Select(l => l.Path).Concat(graph.Vms.Values.Where(v => v.SeedPath is not null).Select(v => v.SeedPath!)).ToHashSet();
        foreach (var file in _files.Where(f => !known.Contains(f.Path) && File.Exists(f.Path)))
        {
            diagnosis.Find(file.IsTemporary ? Severity.Warning : Severity.Error, file.IsTemporary ? "temporary-file" : "unknown-file", file.Path,
                file.IsTemporary ? "left by a write that was interrupted" : file.Identity is { } identity ? $"nobody's: made for VM {identity.VmId}" : "not made by Ramet, or its identity is lost",
                "look at it, then move it away or delete it");
        }

        diagnosis.Checked("files", $"{_files.Count} files in datastores");
        await CompareLayersAsync(graph, verify, isGone, cancellationToken);
        foreach (var vm in graph.Vms.Values.Where(v => v.Lifecycle == VirtualMachines.VmLifecycle.Ready && v.SeedPath is not null && !File.Exists(v.SeedPath)))
            diagnosis.Find(Severity.Error, "missing-seed", vm.SeedPath!, $"the identity seed of '{vm.Name}' is gone: it does not start", $"ramet refresh {vm.Name} writes it anew (what the VM wrote goes)");
        diagnosis.Checked("layers", verify ? $"{graph.Layers.Count} layers, digests compared" : $"{graph.Layers.Count} layers");
    }

    private async Task CompareLayersAsync(LineageGraph graph, bool verify, Func<Layer, CancellationToken, Task<bool>> isGone, CancellationToken cancellationToken)
    {
        foreach (var layer in graph.Layers.Values.Where(l => l.State is LayerState.Active or LayerState.Sealing or LayerState.Sealed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!File.Exists(layer.Path))
            {
                if (!await isGone(layer, cancellationToken))
                    diagnosis.Find(Severity.Error, "missing-layer", layer.Path, $"the file is gone; it is needed by {Names(graph, layer)}", "put it back from a backup, or delete these VMs");
                continue;
            }

            if (layer.State != LayerState.Sealed)
                continue;
            var change = await store.FindChangeAsync(layer, cancellationToken)
                ?? (verify ? await store.FindContentChangeAsync(layer, null, cancellationToken) : null);
            if (change is not null && !await isGone(layer, cancellationToken))
                diagnosis.Find(Severity.Error, "layer-changed", layer.Path, $"the sealed layer is not what it was ({change}); it is needed by {Names(graph, layer)}", "put the file back from a backup: until then these VMs do not start");
        }
    }

    private static string Names(LineageGraph graph, Layer layer)
    {
        var names = graph.NamesOn(layer.Id);
        return names.Count == 0 ? "nobody" : string.Join(", ", names.Take(10)) + (names.Count > 10 ? $" and {names.Count - 10} more" : "");
    }
}
