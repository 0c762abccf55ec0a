using Ramet.Block;
using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;
using Ramet.Images;
using Ramet.Storage.Guests;
using Ramet.Storage.Seeds;
using ImageFormat = Ramet.Core.Layers.ImageFormat;
using LayerUsage = Ramet.Core.Layers.LayerUsage;

namespace Ramet.Storage;

/// <summary>
/// Datastores that are directories (<see cref="DatastoreLayout"/>), on the block engine. This file is the datastore as such and
/// what is only looked at; making, sealing and removing are in the files beside it.
/// </summary>
/// <remarks>Has no state. The engine's calls block, so each runs on a thread of the pool.</remarks>
public sealed partial class DirectoryLayerStore(TimeProvider time) : ILayerStore
{
    /// <inheritdoc/>
    public Task PrepareAsync(Datastore datastore, CancellationToken cancellationToken) => RunAsync(() =>
    {
        if (!Path.IsPathFullyQualified(datastore.Path))
            throw new RametException(ErrorKind.InvalidArgument, $"the path '{datastore.Path}' of the datastore '{datastore.Name}' is not absolute", @object: datastore.Path);

        // A folder that the administrator made keeps its mode.
        foreach (var folder in new[] { datastore.Path, DatastoreLayout.Layers(datastore.Path), DatastoreLayout.Seeds(datastore.Path) })
        {
            if (Directory.Exists(folder))
                continue;
            Directory.CreateDirectory(folder, DatastoreLayout.FolderMode);
            if (Path.GetDirectoryName(folder) is { } above)
                Durability.SyncFolder(above);
        }

        DatastoreMarker.Ensure(datastore);
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<DatastoreSpace> GetSpaceAsync(Datastore datastore, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var files = Directory.EnumerateFiles(DatastoreLayout.Layers(datastore.Path));
        var drive = new DriveInfo(datastore.Path);
        return new DatastoreSpace(drive.TotalSize, drive.AvailableFreeSpace, files.Sum(AllocatedBytes));
    }, cancellationToken);

    /// <inheritdoc/>
    public string PathOf(Datastore datastore, Guid layerId, ImageFormat format) => DatastoreLayout.Layer(datastore.Path, layerId, format);

    /// <inheritdoc/>
    public string SeedPathOf(Datastore datastore, Guid vmId) => DatastoreLayout.Seed(datastore.Path, vmId);

    /// <inheritdoc/>
    public Task<ImageFacts> InspectImportAsync(string path, ImageFormat? declared, CancellationToken cancellationToken) => RunAsync(() =>
    {
        if (declared is not { } format)
            throw new RametException(ErrorKind.InvalidImage, $"nothing says what format {path} has, and formats are never guessed", "Say it: --format qcow2 or --format raw.", path);

        var verdict = ImportValidator.Validate(path, format.ToEngine(), cancellationToken);
        verdict.EnsureAccepted();
        return new ImageFacts(path, format, verdict.Info!.FileLength, verdict.Info.VirtualSize, Backing: null);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ImageFacts>> InspectChainAsync(string path, ImageFormat format, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var chain = BackingChain.Describe(path, format.ToEngine());
        return (IReadOnlyList<ImageFacts>)[.. chain.Select((layer, i) =>
        {
            var info = ImageInfo.Read(layer.Path, layer.Format);
            if (info.HasDataFile)
                throw new BlockException(BlockErrorKind.DataFileRefused, "inspect", layer.Path, $"it keeps its data in another file, '{info.DataFileName}'");
            var below = i + 1 < chain.Count ? chain[i + 1] : null;
            return new ImageFacts(
                layer.Path, layer.Format.ToCore(), info.FileLength, info.VirtualSize, below is null ? null : new LayerFile(below.Path, below.Format.ToCore()));
        })];
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<LayerUsage> MeasureAsync(LayerFile layer, CancellationToken cancellationToken) => RunAsync(() =>
    {
        const int Tries = 3;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var usage = Images.LayerUsage.Measure(layer.Path, layer.Format.ToEngine(), cancellationToken);
                return new LayerUsage(usage.VirtualSize, usage.AllocatedBytes, usage.MappedBytes);
            }
            catch (BlockException e) when (e.Kind is BlockErrorKind.Malformed or BlockErrorKind.Truncated && attempt < Tries)
            {
                // A running VM was in the middle of a change of its tables; if it stays that way, the image is damaged.
            }
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FoundFile>> ListFilesAsync(Datastore datastore, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var found = new List<FoundFile>();
        foreach (var folder in new[] { DatastoreLayout.Layers(datastore.Path), DatastoreLayout.Seeds(datastore.Path) })
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Describe(entry) is { } file)
                    found.Add(file);
            }
        }

        return (IReadOnlyList<FoundFile>)found;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<CloudInitSupport> DetectCloudInitAsync(IReadOnlyList<LayerFile> chain, CancellationToken cancellationToken) =>
        CloudInitProbe.LookAsync([.. chain.Select(l => l.ToEngine())], time, cancellationToken);

    private static FoundFile? Describe(FileSystemInfo entry)
    {
        try
        {
            if (TemporaryFile.IsTemporary(entry.Name))
            {
                var files = entry is DirectoryInfo folder ? folder.EnumerateFiles().Select(f => f.FullName) : [entry.FullName];
                return new FoundFile(entry.FullName, files.Sum(AllocatedBytes), null, IsTemporary: true);
            }

            return entry.Extension switch
            {
                // Part of the raw layer that it stands beside; without one it is what an interrupted import left.
                ".json" when File.Exists(entry.FullName[..^".json".Length]) => null,
                ".json" => new FoundFile(entry.FullName, AllocatedBytes(entry.FullName), null, IsTemporary: true),
                ".raw" => new FoundFile(entry.FullName, AllocatedBytes(entry.FullName), RawSidecar.Read(entry.FullName), IsTemporary: false),
                ".qcow2" => new FoundFile(entry.FullName, AllocatedBytes(entry.FullName), ReadIdentity(entry.FullName), IsTemporary: false),
                _ => new FoundFile(entry.FullName, AllocatedBytes(entry.FullName), null, IsTemporary: false),
            };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or BlockException { Kind: BlockErrorKind.NotFound })
        {
            // Removed, or given its name, since the folder was read.
            return null;
        }
    }

    private static LayerIdentity? ReadIdentity(string path)
    {
        try
        {
            return Qcow2.HeaderEditor.ReadIdentity(path)?.ToCore();
        }
        catch (BlockException e) when (e.Kind >= BlockErrorKind.WrongFormat)
        {
            return null;
        }
    }

    private static long AllocatedBytes(string path)
    {
        try
        {
            return FileStatus.Of(path).AllocatedBytes;
        }
        catch (BlockException e) when (e.Kind == BlockErrorKind.NotFound)
        {
            return 0;
        }
    }

    private static async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        catch (Exception exception) when (StorageErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }
}
