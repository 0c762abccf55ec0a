using Ramet.Core.Datastores;
using Ramet.Core.Layers;

namespace Ramet.Storage.Tests;

/// <summary>A prepared datastore in a temporary folder, and a folder beside it for what is not in it.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly string? _mountedAt;

    private TestStore(string folder, bool mounted)
    {
        Folder = folder;
        _mountedAt = mounted ? Path.Combine(folder, "datastore") : null;
        Datastore = new Datastore { Id = Guid.CreateVersion7(), Name = "default", Path = Path.Combine(folder, "datastore") };
    }

    public string Folder { get; }

    public Datastore Datastore { get; }

    public DirectoryLayerStore Store { get; } = new(TimeProvider.System);

    public string LayersFolder => DatastoreLayout.Layers(Datastore.Path);

    public string SeedsFolder => DatastoreLayout.Seeds(Datastore.Path);

    public static async Task<TestStore> CreateAsync()
    {
        var store = new TestStore(Directory.CreateTempSubdirectory("ramet-storage-").FullName, mounted: false);
        await store.Store.PrepareAsync(store.Datastore, default);
        return store;
    }

    /// <summary>A datastore on a file system of this size; skips where none can be mounted.</summary>
    public static async Task<TestStore> CreateSmallAsync(string size)
    {
        var store = new TestStore(Directory.CreateTempSubdirectory("ramet-storage-").FullName, mounted: true);
        Directory.CreateDirectory(store.Datastore.Path);
        if ((await Tools.TryAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", store.Datastore.Path)).Code != 0)
        {
            Directory.Delete(store.Folder, recursive: true);
            Tools.Missing("only root can mount a small tmpfs");
        }

        await store.Store.PrepareAsync(store.Datastore, default);
        return store;
    }

    public string File(string name) => Path.Combine(Folder, name);

    public string PathOf(LayerIdentity identity, ImageFormat format = ImageFormat.Qcow2) => Store.PathOf(Datastore, identity.LayerId, format);

    public static LayerIdentity NewIdentity() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), "vda", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>An image outside the datastore: some data, mostly nothing.</summary>
    public async Task<string> SourceAsync(string name = "source.qcow2", string size = "64M", params string[] options)
    {
        var path = File(name);
        var format = Path.GetExtension(name)[1..];
        await Tools.RunAsync("qemu-img", ["create", "-q", "-f", format, .. options, path, size]);
        await Tools.RunAsync("qemu-io", "-f", format, "-c", "write -P 0x5a 1M 3M", "-c", "write -P 0x11 40M 64k", path);
        return path;
    }

    /// <summary>Imports an image and seals it, as a parent's layer is.</summary>
    public async Task<(LayerIdentity Identity, string Path)> BaseAsync()
    {
        var identity = NewIdentity();
        await Store.ImportAsync(await SourceAsync($"{identity.LayerId}.qcow2"), ImageFormat.Qcow2, identity, PathOf(identity), null, default);
        await Store.SealAsync(new LayerFile(PathOf(identity), ImageFormat.Qcow2), null, default);
        return (identity, PathOf(identity));
    }

    public OverlayRequest Overlay(string backing, long size = 64 << 20)
    {
        var identity = NewIdentity();
        return new OverlayRequest(PathOf(identity), size, new LayerFile(backing, ImageFormat.Qcow2), identity);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mountedAt is not null)
            await Tools.RunAsync("umount", _mountedAt);
        Directory.Delete(Folder, recursive: true);
    }
}
