using Ramet.Block;
using Ramet.Core.Layers;
using Ramet.Images;
using Ramet.Qcow2;
using Ramet.Storage.Seeds;
using ImageFormat = Ramet.Core.Layers.ImageFormat;
using LayerIdentity = Ramet.Core.Layers.LayerIdentity;

namespace Ramet.Storage;

// A layer gets its name when it is whole, durable and carries its identity; until then it is in a place that its id names. So
// whatever interrupts it leaves nothing under the final name, and what it leaves is found by who takes the layer back
// (DeleteAsync) and by who makes it again. A layer that is there under its name with its identity is made already.
public sealed partial class DirectoryLayerStore
{
    /// <summary>Overlays between two syncs: enough for the sync not to count, few enough for progress to move.</summary>
    private const int OverlayBatch = 1000;

    /// <inheritdoc/>
    public Task CreateOverlaysAsync(IReadOnlyList<OverlayRequest> overlays, IProgress<int>? progress, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var done = 0;
        try
        {
            foreach (var batch in overlays.Chunk(OverlayBatch))
            {
                OverlayWriter.Create(
                    [.. batch.Select(o => new OverlaySpec(o.Path, o.Backing.Path, o.Backing.Format.ToEngine().Name(), o.VirtualSize, o.Identity.ToEngine()))],
                    cancel: cancellationToken);
                done += batch.Length;
                progress?.Report(done);
            }

            return true;
        }
        catch
        {
            // The engine has removed what was left of the batch that failed.
            foreach (var overlay in overlays.Take(done))
                File.Delete(overlay.Path);
            throw;
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task WriteSeedsAsync(IReadOnlyList<SeedRequest> seeds, CancellationToken cancellationToken) => RunAsync(() =>
    {
        SeedWriter.Write(seeds, cancellationToken);
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task ImportAsync(string source, ImageFormat format, LayerIdentity target, string targetPath, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken) => RunAsync(() =>
    {
        Make(targetPath, format, target, unfinished =>
        {
            SparseCopy.Copy(source, unfinished, progress: progress.ToEngine(), cancel: cancellationToken);
            // The copy is judged, not only the source: that could have changed since it was looked at.
            ImportValidator.Validate(unfinished, format.ToEngine(), cancellationToken).EnsureAccepted();
            if (format == ImageFormat.Qcow2)
                HeaderEditor.WriteIdentity(unfinished, target.ToEngine());
        });
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task FlattenAsync(IReadOnlyList<LayerFile> chain, LayerIdentity target, string targetPath, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken) => RunAsync(() =>
    {
        Make(targetPath, ImageFormat.Qcow2, target, unfinished =>
        {
            using var content = BackingChain.Open([.. chain.Select(l => l.ToEngine())]);
            Flattener.Flatten(content, new FlattenTarget(unfinished, Images.ImageFormat.Qcow2, target.ToEngine()), progress.ToEngine(), cancellationToken);
        });
        return true;
    }, cancellationToken);

    /// <param name="write">Writes the whole layer, durably, to the path it is given.</param>
    private static void Make(string path, ImageFormat format, LayerIdentity identity, Action<string> write)
    {
        if (File.Exists(path))
        {
            var found = format == ImageFormat.Raw ? RawSidecar.Read(path) : ReadIdentity(path);
            if (found?.LayerId == identity.LayerId)
                return;
            throw new BlockException(BlockErrorKind.AlreadyExists, "create", path, "another file has this name");
        }

        var folder = TemporaryFile.NameFor(path, identity.LayerId);
        RemoveTemporary(folder);
        Directory.CreateDirectory(folder, DatastoreLayout.FolderMode);
        var named = false;
        try
        {
            var unfinished = Path.Combine(folder, Path.GetFileName(path));
            write(unfinished);
            if (format == ImageFormat.Raw)
                RawSidecar.Write(path, identity);
            Durability.RenameNew(unfinished, path);
            named = true;
            Directory.Delete(folder);
            Durability.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch
        {
            RemoveTemporary(folder);
            if (named)
                File.Delete(path);
            File.Delete(DatastoreLayout.Sidecar(path));
            throw;
        }
    }
}
