using Ramet.Core.Datastores;
using Ramet.Core.Errors;

namespace Ramet.Core.Layers;

/// <summary>
/// The files of a datastore: layers and seeds. Everything is idempotent, everything that returns has reached the disk.
/// Errors are <see cref="RametException"/>: <see cref="ErrorKind.NoSpace"/>, <see cref="ErrorKind.InvalidImage"/>,
/// <see cref="ErrorKind.LayerChanged"/>, <see cref="ErrorKind.NotFound"/>, <see cref="ErrorKind.InputOutput"/>.
/// </summary>
public interface ILayerStore
{
    /// <summary>Makes the datastore's folders and its marker file (<c>ramet-datastore.json</c>: id and name) where they are missing; refuses a folder that another datastore's marker claims.</summary>
    Task PrepareAsync(Datastore datastore, CancellationToken cancellationToken);

    /// <summary>Size and free space of the file system, bytes that layers take.</summary>
    Task<DatastoreSpace> GetSpaceAsync(Datastore datastore, CancellationToken cancellationToken);

    /// <summary>Where a layer's file is to be: <c>layers/ID.qcow2</c> in the datastore.</summary>
    string PathOf(Datastore datastore, Guid layerId, ImageFormat format);

    /// <summary>Where a VM's seed is to be: <c>seeds/ID.iso</c> in the datastore.</summary>
    string SeedPathOf(Datastore datastore, Guid vmId);

    /// <summary>Creates empty overlays, sparse, with one durable sync for all. On failure none of them is left. Existing files of the same layers are replaced.</summary>
    Task CreateOverlaysAsync(IReadOnlyList<OverlayRequest> overlays, IProgress<int>? progress, CancellationToken cancellationToken);

    /// <summary>Writes seed images (ISO 9660, volume id "cidata"), with one durable sync for all.</summary>
    Task WriteSeedsAsync(IReadOnlyList<SeedRequest> seeds, CancellationToken cancellationToken);

    /// <summary>Deletes files (layers with their sidecars, seeds, temporary files of theirs); missing ones are no error.</summary>
    Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>Header-only look at an image nobody vouches for: refuses what could reach outside itself (backing file, data file), what is truncated, encrypted, corrupt, or not of the declared format.</summary>
    Task<ImageFacts> InspectImportAsync(string path, ImageFormat? declared, CancellationToken cancellationToken);

    /// <summary>The chain of an image that libvirt already uses, by its headers: active layer first. Formats that no header declares are refused, never probed.</summary>
    Task<IReadOnlyList<ImageFacts>> InspectChainAsync(string path, ImageFormat format, CancellationToken cancellationToken);

    /// <summary>Copies an inspected image into the datastore as a layer, sparse, and gives it its identity.</summary>
    /// <param name="progress">Bytes read and bytes in all.</param>
    Task ImportAsync(string source, ImageFormat format, LayerIdentity target, string targetPath, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken);

    /// <summary>Writes the whole content of a chain (active layer first) to a new, independent qcow2 layer.</summary>
    Task FlattenAsync(IReadOnlyList<LayerFile> chain, LayerIdentity target, string targetPath, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken);

    /// <summary>Makes a file read-only, computes its digest, notes what it looks like.</summary>
    Task<LayerSeal> SealAsync(LayerFile layer, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken);

    /// <summary>The cheap check of a sealed layer: length, mtime, inode, header. Null when it is what it was, else what is different.</summary>
    Task<string?> FindChangeAsync(Layer layer, CancellationToken cancellationToken);

    /// <summary>The thorough one: the digest. Null when it is what it was.</summary>
    Task<string?> FindContentChangeAsync(Layer layer, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken);

    /// <summary>What a layer takes and holds.</summary>
    Task<LayerUsage> MeasureAsync(LayerFile layer, CancellationToken cancellationToken);

    /// <summary>Every file in the datastore's layers and seeds folders, with the identity that it carries.</summary>
    Task<IReadOnlyList<FoundFile>> ListFilesAsync(Datastore datastore, CancellationToken cancellationToken);

    /// <summary>Whether the guest's system has cloud-init, as far as the host's tools can look into it.</summary>
    Task<VirtualMachines.CloudInitSupport> DetectCloudInitAsync(IReadOnlyList<LayerFile> chain, CancellationToken cancellationToken);
}

/// <summary>A layer's file and its declared format.</summary>
public sealed record LayerFile(string Path, ImageFormat Format);

/// <summary>What a layer's file carries, so that the catalog can be made anew from it.</summary>
/// <param name="Role">Such as "vda".</param>
public sealed record LayerIdentity(Guid LayerId, Guid VmId, string Role, DateTimeOffset CreatedAt);

/// <summary>An overlay to be created.</summary>
/// <param name="VirtualSize">Bytes.</param>
public sealed record OverlayRequest(string Path, long VirtualSize, LayerFile Backing, LayerIdentity Identity);

/// <summary>A seed to be written; file names are cloud-init's ("meta-data", "user-data", …).</summary>
public sealed record SeedRequest(string Path, IReadOnlyDictionary<string, string> Files);

/// <summary>What an image's header says.</summary>
/// <param name="Length">Length of the file in bytes.</param>
/// <param name="VirtualSize">Guest-visible size in bytes.</param>
/// <param name="Backing">The layer below, resolved; null for none.</param>
public sealed record ImageFacts(string Path, ImageFormat Format, long Length, long VirtualSize, LayerFile? Backing);

/// <summary>What a sealed layer is recognised by.</summary>
public sealed record LayerSeal(string Digest, long Length, long MtimeNs, long Inode);

/// <summary>What a layer takes and holds, in bytes.</summary>
/// <param name="AllocatedBytes">Blocks of the file system.</param>
/// <param name="MappedBytes">Guest bytes that this layer itself holds.</param>
public sealed record LayerUsage(long VirtualSize, long AllocatedBytes, long MappedBytes);

/// <summary>Space of a datastore, in bytes.</summary>
public sealed record DatastoreSpace(long TotalBytes, long FreeBytes, long LayerBytes);

/// <summary>A file found in a datastore.</summary>
/// <param name="Identity">Null for one that carries none.</param>
/// <param name="IsTemporary">Left by an interrupted write; nobody's.</param>
public sealed record FoundFile(string Path, long AllocatedBytes, LayerIdentity? Identity, bool IsTemporary);
