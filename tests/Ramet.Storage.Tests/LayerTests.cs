using Ramet.Core.Errors;
using Ramet.Core.Layers;

namespace Ramet.Storage.Tests;

/// <summary>Layers made, copied, flattened, sealed and removed; qemu-img is the judge of each.</summary>
public sealed class LayerTests
{
    [Fact]
    public async Task Overlays_come_in_batches_small_whole_and_private()
    {
        await using var test = await TestStore.CreateAsync();
        var (_, path) = await test.BaseAsync();
        OverlayRequest[] overlays = [.. Enumerable.Range(0, 40).Select(_ => test.Overlay(path))];
        var reported = new List<int>();
        await test.Store.CreateOverlaysAsync(overlays, new Reports<int>(reported), default);

        Assert.Equal([40], reported);
        Assert.Equal(41, Directory.GetFileSystemEntries(test.LayersFolder).Length);
        Assert.All(overlays, o => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(o.Path)));
        await Tools.RunAsync("qemu-img", "check", "-q", overlays[0].Path);
        await Tools.RunAsync("qemu-img", "compare", "-q", overlays[0].Path, path);
        Assert.InRange((await test.Store.MeasureAsync(new LayerFile(overlays[0].Path, ImageFormat.Qcow2), default)).AllocatedBytes, 1, 16 << 10);

        // Again, as after a crash that lost the answer.
        await test.Store.CreateOverlaysAsync(overlays, null, default);
        Assert.Equal(41, Directory.GetFileSystemEntries(test.LayersFolder).Length);
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_none_of_its_overlays()
    {
        await using var test = await TestStore.CreateAsync();
        var (_, path) = await test.BaseAsync();
        OverlayRequest[] overlays = [.. Enumerable.Range(0, 1200).Select(_ => test.Overlay(path))];
        File.WriteAllText(overlays[1100].Path, "somebody else's");

        var error = await Assert.ThrowsAsync<RametException>(() => test.Store.CreateOverlaysAsync(overlays, null, default));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        Assert.Equal(2, Directory.GetFileSystemEntries(test.LayersFolder).Length);
        Assert.Equal("somebody else's", File.ReadAllText(overlays[1100].Path));
    }

    [Theory]
    [InlineData("source.qcow2", ImageFormat.Qcow2)]
    [InlineData("source.qcow2", ImageFormat.Qcow2, "-o", "compat=0.10")]
    [InlineData("source.raw", ImageFormat.Raw)]
    public async Task An_imported_image_holds_the_same_and_knows_who_it_is(string name, ImageFormat format, params string[] options)
    {
        await using var test = await TestStore.CreateAsync();
        var source = await test.SourceAsync(name, "64M", options);
        var identity = TestStore.NewIdentity();
        var target = test.PathOf(identity, format);
        var reported = new List<(long Done, long Total)>();

        var facts = await test.Store.InspectImportAsync(source, format, default);
        Assert.Equal(64 << 20, facts.VirtualSize);
        await test.Store.ImportAsync(source, format, identity, target, new Reports<(long, long)>(reported), default);

        await Tools.RunAsync("qemu-img", "compare", "-q", source, target);
        if (format == ImageFormat.Qcow2)
            await Tools.RunAsync("qemu-img", "check", "-q", target);
        Assert.Equal(identity, (await test.Store.ListFilesAsync(test.Datastore, default)).Single().Identity);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        Assert.Equal(reported[^1].Total, reported[^1].Done);
        var usage = await test.Store.MeasureAsync(new LayerFile(target, format), default);
        Assert.InRange(usage.AllocatedBytes, 3 << 20, 5 << 20);
        Assert.InRange(usage.MappedBytes, 3 << 20, 4 << 20);

        // Made already: a second time is nothing to do, though the source is gone.
        File.Delete(source);
        await test.Store.ImportAsync(source, format, identity, target, null, default);
    }

    [Fact]
    public async Task A_flattened_chain_stands_alone()
    {
        await using var test = await TestStore.CreateAsync();
        var (_, path) = await test.BaseAsync();
        var overlay = test.Overlay(path);
        await test.Store.CreateOverlaysAsync([overlay], null, default);
        await Tools.RunAsync("qemu-io", "-f", "qcow2", "-c", "write -P 0x77 2M 128k", overlay.Path);

        var identity = TestStore.NewIdentity();
        var target = test.PathOf(identity);
        await test.Store.FlattenAsync([new LayerFile(overlay.Path, ImageFormat.Qcow2), new LayerFile(path, ImageFormat.Qcow2)], identity, target, null, default);
        await Tools.RunAsync("qemu-img", "compare", "-q", overlay.Path, target);
        Assert.Single(await test.Store.InspectChainAsync(target, ImageFormat.Qcow2, default));
        Assert.Equal(2, (await test.Store.InspectChainAsync(overlay.Path, ImageFormat.Qcow2, default)).Count);
        Assert.Equal(identity, (await test.Store.ListFilesAsync(test.Datastore, default)).Single(f => f.Path == target).Identity);
    }

    [Fact]
    public async Task A_chain_that_is_not_the_declared_one_is_not_flattened()
    {
        await using var test = await TestStore.CreateAsync();
        var (_, path) = await test.BaseAsync();
        var (_, other) = await test.BaseAsync();
        var overlay = test.Overlay(path);
        await test.Store.CreateOverlaysAsync([overlay], null, default);
        var identity = TestStore.NewIdentity();
        var error = await Assert.ThrowsAsync<RametException>(() => test.Store.FlattenAsync(
            [new LayerFile(overlay.Path, ImageFormat.Qcow2), new LayerFile(other, ImageFormat.Qcow2)], identity, test.PathOf(identity), null, default));
        Assert.Equal(ErrorKind.LayerChanged, error.Kind);
        Assert.Equal(3, Directory.GetFileSystemEntries(test.LayersFolder).Length);
    }

    [Fact]
    public async Task Deleting_takes_everything_of_a_layer_and_nothing_else()
    {
        await using var test = await TestStore.CreateAsync();
        var (_, path) = await test.BaseAsync();
        var raw = TestStore.NewIdentity();
        var rawPath = test.PathOf(raw, ImageFormat.Raw);
        await test.Store.ImportAsync(await test.SourceAsync("disk.raw"), ImageFormat.Raw, raw, rawPath, null, default);
        var half = Guid.NewGuid();
        Directory.CreateDirectory(Path.Combine(test.LayersFolder, $".{half:N}.ramet-tmp"));
        File.WriteAllText(Path.Combine(test.LayersFolder, $".{half:N}.ramet-tmp", "content"), "half");

        string[] paths = [rawPath, test.Store.PathOf(test.Datastore, half, ImageFormat.Qcow2), test.File("nowhere/at-all.qcow2")];
        await test.Store.DeleteAsync(paths, default);
        await test.Store.DeleteAsync(paths, default);
        Assert.Equal([path], Directory.GetFileSystemEntries(test.LayersFolder));
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing()
    {
        await using var test = await TestStore.CreateAsync();
        var source = await test.SourceAsync("big.raw", "512M");
        var identity = TestStore.NewIdentity();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Store.ImportAsync(
            source, ImageFormat.Raw, identity, test.PathOf(identity, ImageFormat.Raw), new Stop(cancel), cancel.Token));
        Assert.Empty(Directory.GetFileSystemEntries(test.LayersFolder));
    }

    [Fact]
    public async Task A_full_datastore_refuses_and_keeps_what_was_there()
    {
        await using var test = await TestStore.CreateSmallAsync("6m");
        var source = await test.SourceAsync();
        var identity = TestStore.NewIdentity();
        await test.Store.ImportAsync(source, ImageFormat.Qcow2, identity, test.PathOf(identity), null, default);
        var second = TestStore.NewIdentity();

        await NoSpaceAsync(() => test.Store.ImportAsync(source, ImageFormat.Qcow2, second, test.PathOf(second), null, default));
        await NoSpaceAsync(() => test.Store.FlattenAsync([new LayerFile(test.PathOf(identity), ImageFormat.Qcow2)], second, test.PathOf(second), null, default));
        await NoSpaceAsync(() => test.Store.CreateOverlaysAsync([.. Enumerable.Range(0, 1000).Select(_ => test.Overlay(test.PathOf(identity)))], null, default));
        await NoSpaceAsync(() => test.Store.WriteSeedsAsync(
            [.. Enumerable.Range(0, 1000).Select(_ => new SeedRequest(test.Store.SeedPathOf(test.Datastore, Guid.NewGuid()), new Dictionary<string, string> { ["meta-data"] = "x" }))], default));

        Assert.Equal([test.PathOf(identity)], Directory.GetFileSystemEntries(test.LayersFolder));
        Assert.Empty(Directory.GetFileSystemEntries(test.SeedsFolder));
        await Tools.RunAsync("qemu-img", "check", "-q", test.PathOf(identity));

        static async Task NoSpaceAsync(Func<Task> work) => Assert.Equal(ErrorKind.NoSpace, (await Assert.ThrowsAsync<RametException>(work)).Kind);
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value) => source.Cancel();
    }
}

/// <summary>Progress that is noted where it is reported, not later on another thread.</summary>
internal sealed class Reports<T>(List<T> to) : IProgress<T>
{
    public void Report(T value) => to.Add(value);
}
