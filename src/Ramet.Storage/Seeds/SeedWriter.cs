using Ramet.Block;
using Ramet.Core.Layers;

namespace Ramet.Storage.Seeds;

/// <summary>
/// Writes seeds in a batch: all of them under temporary names, one barrier, all renames, one barrier. A seed that is there is
/// replaced as a whole: a running VM goes on reading its old one.
/// </summary>
internal static class SeedWriter
{
    /// <summary>NoCloud's label (cloud-init, "NoCloud" data source).</summary>
    private const string VolumeId = "cidata";

    /// <summary>Up to this many files a sync of each is cheaper than one of the whole file system.</summary>
    private const int SyncEachUpTo = 4;

    public static void Write(IReadOnlyList<SeedRequest> seeds, CancellationToken cancellationToken)
    {
        var written = new List<(string Temporary, string Path)>(seeds.Count);
        try
        {
            foreach (var seed in seeds)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var content = SeedImage.Compose(VolumeId, seed.Files);
                var temporary = DatastoreLayout.Temporary(seed.Path) ?? throw new ArgumentException($"{seed.Path} is not a seed's path", nameof(seeds));
                File.Delete(temporary);
                written.Add((temporary, seed.Path));
                using var file = RawFile.CreateNew(temporary);
                file.Write(SeedImage.ContentOffset, content);
                if (seeds.Count <= SyncEachUpTo)
                    file.Flush();
            }

            var folders = written.Select(w => Path.GetDirectoryName(w.Path)!).Distinct().ToList();
            if (seeds.Count > SyncEachUpTo)
                folders.ForEach(Durability.SyncFileSystem);
            foreach (var (temporary, path) in written)
                File.Move(temporary, path, overwrite: true);
            folders.ForEach(Durability.SyncFolder);
        }
        catch
        {
            foreach (var (temporary, _) in written)
                File.Delete(temporary);
            throw;
        }
    }
}
