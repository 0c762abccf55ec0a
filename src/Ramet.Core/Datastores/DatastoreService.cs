using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Datastores;

/// <summary>Adds datastores.</summary>
public sealed class DatastoreService(ICatalog catalog, ILayerStore store, TimeProvider time)
{
    /// <param name="path">Absolute; the folder is made where it is missing.</param>
    /// <param name="tier">The administrator's own word; null for none.</param>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>, <see cref="ErrorKind.AlreadyExists"/> for the name or for
    /// a folder that is another datastore's (or in it, or around it), <see cref="ErrorKind.InputOutput"/>.</exception>
    public async Task<Datastore> AddAsync(string name, string path, string? tier, CancellationToken cancellationToken)
    {
        VmName.Check(name, "datastore");
        if (!Path.IsPathRooted(path))
            throw new RametException(ErrorKind.InvalidArgument, $"'{path}' is not an absolute path", "name the folder from the root of the server's file system", path);
        if (tier is not null)
            VmName.Check(tier, "tier");
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

        await using var session = catalog.Open();
        foreach (var other in await session.ListAsync(session.Datastores, cancellationToken))
        {
            if (other.Name == name)
                throw new RametException(ErrorKind.AlreadyExists, $"there is already a datastore '{name}'", "choose another name", name);
            if (IsWithin(folder, other.Path) || IsWithin(other.Path, folder))
                throw new RametException(ErrorKind.AlreadyExists, $"{folder} and the datastore '{other.Name}' ({other.Path}) would overlap", "choose a folder of its own", folder);
        }

        var now = time.GetUtcNow();
        var datastore = new Datastore { Id = Guid.CreateVersion7(now), Name = name, Path = folder, Tier = tier, CreatedAt = now };
        await store.PrepareAsync(datastore, cancellationToken);
        session.Add(datastore);
        await session.SaveAsync(cancellationToken);
        return datastore;
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
