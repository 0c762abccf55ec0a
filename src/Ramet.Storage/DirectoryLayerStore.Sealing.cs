using Ramet.Block;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Images;
using Ramet.Qcow2;
using ImageFormat = Ramet.Core.Layers.ImageFormat;

namespace Ramet.Storage;

public sealed partial class DirectoryLayerStore
{
    /// <inheritdoc/>
    public Task<LayerSeal> SealAsync(LayerFile layer, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var before = FileStatus.Of(layer.Path);
        File.SetUnixFileMode(layer.Path, before.Mode & ~DatastoreLayout.AnyWrite);
        // All of the file, its mode included.
        using (var file = File.OpenHandle(layer.Path, share: FileShare.ReadWrite | FileShare.Delete))
            RandomAccess.FlushToDisk(file);

        var digest = LayerDigest.Compute(layer.Path, progress.ToEngine(), cancellationToken);
        var after = FileStatus.Of(layer.Path);
        if ((before.Length, before.ModifiedAt, before.Inode) != (after.Length, after.ModifiedAt, after.Inode))
            throw new RametException(ErrorKind.LayerChanged, $"{layer.Path} was written while it was being sealed", "Find out what still has it open, stop that, and try again.", layer.Path);
        return new LayerSeal(digest.ToString(), after.Length, after.MtimeNs(), (long)after.Inode);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindChangeAsync(Layer layer, CancellationToken cancellationToken)
    {
        // A stat and one page: cheaper than handing it to another thread.
        try
        {
            return Task.FromResult(FindChange(layer));
        }
        catch (Exception exception) when (StorageErrors.Translate(exception) is { } translated)
        {
            return Task.FromException<string?>(translated);
        }
    }

    /// <inheritdoc/>
    public Task<string?> FindContentChangeAsync(Layer layer, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken) => RunAsync(() =>
    {
        if (!File.Exists(layer.Path))
            return "the file is gone";
        var found = LayerDigest.Compute(layer.Path, progress.ToEngine(), cancellationToken).ToString();
        return layer.Digest is null || found == layer.Digest ? null : $"its digest is {found}, sealed it had {layer.Digest}";
    }, cancellationToken);

    private static string? FindChange(Layer layer)
    {
        if (!File.Exists(layer.Path))
            return "the file is gone";
        var status = FileStatus.Of(layer.Path);
        if (layer.SealedLength is { } length && status.Length != length)
            return $"it has {status.Length} bytes, sealed it had {length}";
        if (layer.SealedInode is { } inode && (long)status.Inode != inode)
            return $"it is another file: inode {status.Inode}, sealed it had {inode}";
        if (layer.SealedMtimeNs is { } mtime && status.MtimeNs() != mtime)
            return $"it was written at {status.ModifiedAt:u}, after it was sealed";
        return layer.Format == ImageFormat.Qcow2 ? FindHeaderChange(layer) : null;
    }

    private static string? FindHeaderChange(Layer layer)
    {
        using var file = RawFile.OpenRead(layer.Path);
        try
        {
            var area = HeaderArea.Read(file);
            if (area.Header.VirtualSize != (layer.VirtualSize + 511 & ~511L))
                return $"its header says {area.Header.VirtualSize} bytes of disk, sealed it had {layer.VirtualSize}";
            // An adopted image has no identity.
            if (area.ReadIdentity(layer.Path) is { } identity && identity.LayerId != layer.Id)
                return $"its header says that it is the layer {identity.LayerId}";
            return area.BackingName is null == layer.BackingLayerId is null ? null
                : area.BackingName is { } name ? $"its header names the backing file {name}, sealed it had none" : "its header names no backing file any more";
        }
        catch (BlockException e) when (e.Kind >= BlockErrorKind.WrongFormat)
        {
            return $"its header is damaged: {e.Detail}";
        }
    }
}
