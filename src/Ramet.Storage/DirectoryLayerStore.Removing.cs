using Ramet.Block;

namespace Ramet.Storage;

public sealed partial class DirectoryLayerStore
{
    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken) => RunAsync(() =>
    {
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeleteFile(path);
            DeleteFile(DatastoreLayout.Sidecar(path));
            if (DatastoreLayout.Temporary(path) is { } temporary)
                RemoveTemporary(temporary);
        }

        foreach (var folder in paths.Select(p => Path.GetDirectoryName(Path.GetFullPath(p))!).Distinct().Where(Directory.Exists))
            Durability.SyncFolder(folder);
        return true;
    }, cancellationToken);

    private static void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The folder is gone, and what was in it.
        }
    }

    private static void RemoveTemporary(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            DeleteFile(path);
    }
}
