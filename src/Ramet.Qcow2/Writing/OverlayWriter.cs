using Ramet.Block;

namespace Ramet.Qcow2;

// A batch is made in three steps, so that a crash at any moment leaves under a final name nothing or a whole, durable overlay:
//   1. write every overlay under a temporary name (derived from its layer id, so that a second run finds and replaces the remains of a first)
//   2. one barrier: all content is durable
//   3. rename all, never replacing; one barrier: all names are durable
// An error undoes everything this run made. What an earlier, interrupted run published is recognised by its layer id and kept.

/// <summary>Creates empty qcow2 overlays, sparse, many at once.</summary>
public static class OverlayWriter
{
    /// <summary>
    /// Up to this many files are synced one by one, which disturbs nobody else. Beyond, one syncfs is cheaper (ext4: 4 files 1.5 ms each against
    /// 6 ms by fdatasync, 1000 files 0.1 ms against 0.8 ms, or 0.3 ms with 32 threads), although it also waits for what others have written.
    /// </summary>
    private const int SyncEachUpTo = 2;

    /// <summary>Creates one overlay; durable on return.</summary>
    public static void Create(OverlaySpec overlay, OverlayOptions? options = null) => Create([overlay], options);

    /// <summary>
    /// Creates all overlays or none; durable on return. An overlay that is already there with the same layer id, size and backing counts as created.
    /// </summary>
    /// <exception cref="BlockException">
    /// <see cref="BlockErrorKind.AlreadyExists"/> when another file has one of the names, <see cref="BlockErrorKind.NoSpace"/>,
    /// <see cref="BlockErrorKind.NotFound"/> for a missing folder. Everything this call made is removed again.
    /// </exception>
    public static void Create(IReadOnlyList<OverlaySpec> overlays, OverlayOptions? options = null, CancellationToken cancel = default)
    {
        var geometry = (options ?? OverlayOptions.Default).Geometry;
        var pending = new List<(OverlaySpec Spec, string Path, string Temporary)>(overlays.Count);
        var named = 0;
        try
        {
            foreach (var spec in overlays)
            {
                cancel.ThrowIfCancellationRequested();
                var path = Path.GetFullPath(spec.Path);
                if (IsThere(spec, path))
                    continue;
                var temporary = TemporaryFile.NameFor(path, spec.Identity.LayerId);
                pending.Add((spec, path, temporary));
                Write(spec, geometry, temporary, syncNow: overlays.Count <= SyncEachUpTo);
            }

            if (pending.Count == 0)
                return;
            var folders = pending.Select(p => Path.GetDirectoryName(p.Path)!).Distinct().ToList();
            if (overlays.Count > SyncEachUpTo)
                SyncContent(folders);
            cancel.ThrowIfCancellationRequested();
            for (; named < pending.Count; named++)
                Durability.RenameNew(pending[named].Temporary, pending[named].Path);
            SyncNames(folders);
        }
        catch
        {
            for (var i = 0; i < pending.Count; i++)
                Remove(i < named ? pending[i].Path : pending[i].Temporary);
            throw;
        }
    }

    /// <summary>The error that is being handled matters more than one met while cleaning up after it; what stays has a temporary name.</summary>
    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static bool IsThere(OverlaySpec spec, string path)
    {
        if (!Path.Exists(path))
            return false;
        using var file = RawFile.OpenRead(path);
        LayerIdentity? identity = null;
        HeaderArea? area = null;
        try
        {
            area = HeaderArea.Read(file);
            identity = area.ReadIdentity(path);
        }
        catch (BlockException)
        {
            // Not an overlay of ours, whatever it is: answered below.
        }

        if (identity?.LayerId == spec.Identity.LayerId && area!.Header.VirtualSize == RoundUp(spec.VirtualSize)
            && area.BackingName == spec.BackingPath && area.BackingFormat == spec.BackingFormat)
            return true;
        throw new BlockException(BlockErrorKind.AlreadyExists, "create overlay", path, "another file has this name");
    }

    private static void Write(OverlaySpec spec, ClusterGeometry geometry, string temporary, bool syncNow)
    {
        var image = new EmptyImage(geometry, RoundUp(spec.VirtualSize), spec.Path);
        var header = HeaderArea.Compose(
            image.Header,
            [],
            [HeaderArea.TextExtension(HeaderExtensionType.BackingFormat, spec.BackingFormat), spec.Identity.ToExtension(spec.Path)],
            spec.BackingPath,
            spec.Path);
        Remove(temporary);
        using var file = RawFile.CreateNew(temporary);
        image.WriteRefcounts(file);
        file.Write(0, header);
        if (syncNow)
            file.Flush();
    }

    /// <summary>One syncfs for each file system; folders on the same one share it.</summary>
    private static void SyncContent(List<string> folders)
    {
        foreach (var folder in folders.DistinctBy(f => FileStatus.Of(f).Device))
            Durability.SyncFileSystem(folder);
    }

    private static void SyncNames(List<string> folders)
    {
        if (folders.Count > SyncEachUpTo)
            SyncContent(folders);
        else
            folders.ForEach(Durability.SyncFolder);
    }

    private static long RoundUp(long size) => checked(size + 511) & ~511L;
}
