using Ramet.Core.Datastores;
using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;

namespace Ramet.Server.Tests.Harness;

/// <summary>
/// Layers as plain files without content: the server's tests are about what it says and to whom, not about images. Sizes are
/// the lengths of the files; a layer is changed when its length is.
/// </summary>
internal sealed class FolderStore : ILayerStore
{
    private const long VirtualSize = 1 << 20;

    public Task PrepareAsync(Datastore datastore, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(datastore.Path, "layers"));
        Directory.CreateDirectory(Path.Combine(datastore.Path, "seeds"));
        return Task.CompletedTask;
    }

    public Task<DatastoreSpace> GetSpaceAsync(Datastore datastore, CancellationToken cancellationToken) =>
        Task.FromResult(new DatastoreSpace(1000, 500, 100));

    public string PathOf(Datastore datastore, Guid layerId, ImageFormat format) =>
        Path.Combine(datastore.Path, "layers", $"{layerId}.{(format == ImageFormat.Raw ? "raw" : "qcow2")}");

    public string SeedPathOf(Datastore datastore, Guid vmId) => Path.Combine(datastore.Path, "seeds", $"{vmId}.iso");

    public Task CreateOverlaysAsync(IReadOnlyList<OverlayRequest> overlays, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        foreach (var overlay in overlays)
            File.WriteAllText(overlay.Path, "overlay");
        return Task.CompletedTask;
    }

    public Task WriteSeedsAsync(IReadOnlyList<SeedRequest> seeds, CancellationToken cancellationToken)
    {
        foreach (var seed in seeds)
            File.WriteAllText(seed.Path, "seed");
        return Task.CompletedTask;
    }

    public Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        foreach (var path in paths)
            File.Delete(path);
        return Task.CompletedTask;
    }

    public Task<ImageFacts> InspectImportAsync(string path, ImageFormat? declared, CancellationToken cancellationToken) =>
        Task.FromResult(new ImageFacts(path, declared ?? ImageFormat.Qcow2, new FileInfo(path).Length, VirtualSize, null));

    public Task<IReadOnlyList<ImageFacts>> InspectChainAsync(string path, ImageFormat format, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ImageFacts>>([new ImageFacts(path, format, new FileInfo(path).Length, VirtualSize, null)]);

    public Task ImportAsync(
        string source, ImageFormat format, LayerIdentity target, string targetPath, IProgress<(long Done, long Total)>? progress,
        CancellationToken cancellationToken)
    {
        File.Copy(source, targetPath, overwrite: true);
        return Task.CompletedTask;
    }

    public Task FlattenAsync(
        IReadOnlyList<LayerFile> chain, LayerIdentity target, string targetPath, IProgress<(long Done, long Total)>? progress,
        CancellationToken cancellationToken)
    {
        File.WriteAllText(targetPath, "flat");
        return Task.CompletedTask;
    }

    public Task<LayerSeal> SealAsync(LayerFile layer, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken) =>
        Task.FromResult(new LayerSeal("sha256-1m:00", new FileInfo(layer.Path).Length, 1, 1));

    public Task<string?> FindChangeAsync(Layer layer, CancellationToken cancellationToken) => Task.FromResult(
        new FileInfo(layer.Path).Length == layer.SealedLength ? null : "its length has changed");

    public Task<string?> FindContentChangeAsync(Layer layer, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken) =>
        FindChangeAsync(layer, cancellationToken);

    public Task<LayerUsage> MeasureAsync(LayerFile layer, CancellationToken cancellationToken)
    {
        var length = new FileInfo(layer.Path).Length;
        return Task.FromResult(new LayerUsage(VirtualSize, length, length));
    }

    public Task<IReadOnlyList<FoundFile>> ListFilesAsync(Datastore datastore, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FoundFile>>(
            [.. Directory.EnumerateFiles(datastore.Path, "*", SearchOption.AllDirectories).Select(p => new FoundFile(p, new FileInfo(p).Length, null, false))]);

    public Task<CloudInitSupport> DetectCloudInitAsync(IReadOnlyList<LayerFile> chain, CancellationToken cancellationToken) =>
        Task.FromResult(CloudInitSupport.Yes);
}
