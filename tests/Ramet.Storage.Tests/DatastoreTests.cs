using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Layers;

namespace Ramet.Storage.Tests;

/// <summary>The datastore as such: its folders, its marker, what is found in it, how full it is.</summary>
public sealed class DatastoreTests
{
    [Fact]
    public async Task Preparing_makes_folders_that_others_pass_through_but_do_not_list()
    {
        await using var test = await TestStore.CreateAsync();
        foreach (var folder in new[] { test.Datastore.Path, test.LayersFolder, test.SeedsFolder })
            Assert.Equal((UnixFileMode)0b111_001_001, File.GetUnixFileMode(folder));
        Assert.Contains(test.Datastore.Id.ToString(), File.ReadAllText(Path.Combine(test.Datastore.Path, "ramet-datastore.json")), StringComparison.Ordinal);

        test.Datastore.Name = "fast";
        await test.Store.PrepareAsync(test.Datastore, default);
        Assert.Contains("fast", File.ReadAllText(Path.Combine(test.Datastore.Path, "ramet-datastore.json")), StringComparison.Ordinal);
        Assert.Equal(["layers", "ramet-datastore.json", "seeds"], Directory.GetFileSystemEntries(test.Datastore.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_folder_that_exists_keeps_its_mode()
    {
        await using var test = await TestStore.CreateAsync();
        File.SetUnixFileMode(test.LayersFolder, (UnixFileMode)0b111_101_000);
        await test.Store.PrepareAsync(test.Datastore, default);
        Assert.Equal((UnixFileMode)0b111_101_000, File.GetUnixFileMode(test.LayersFolder));
    }

    [Fact]
    public async Task Another_datastores_folder_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        var other = new Datastore { Id = Guid.CreateVersion7(), Name = "other", Path = test.Datastore.Path };
        var error = await Assert.ThrowsAsync<RametException>(() => test.Store.PrepareAsync(other, default));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        Assert.Contains("'default'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", ErrorKind.InvalidState)]
    [InlineData("null", ErrorKind.InvalidState)]
    public async Task A_marker_that_cannot_be_read_is_not_overwritten(string content, ErrorKind kind)
    {
        await using var test = await TestStore.CreateAsync();
        var marker = Path.Combine(test.Datastore.Path, "ramet-datastore.json");
        File.WriteAllText(marker, content);
        Assert.Equal(kind, (await Assert.ThrowsAsync<RametException>(() => test.Store.PrepareAsync(test.Datastore, default))).Kind);
        Assert.Equal(content, File.ReadAllText(marker));
    }

    [Fact]
    public async Task A_relative_path_is_refused()
    {
        var store = new DirectoryLayerStore(TimeProvider.System);
        var error = await Assert.ThrowsAsync<RametException>(() => store.PrepareAsync(new Datastore { Name = "x", Path = "somewhere" }, default));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
    }

    [Fact]
    public async Task Everything_in_it_is_found_with_what_it_carries()
    {
        await using var test = await TestStore.CreateAsync();
        var (identity, path) = await test.BaseAsync();
        var overlay = test.Overlay(path);
        await test.Store.CreateOverlaysAsync([overlay], null, default);
        var raw = TestStore.NewIdentity();
        await test.Store.ImportAsync(await test.SourceAsync("disk.raw"), ImageFormat.Raw, raw, test.PathOf(raw, ImageFormat.Raw), null, default);
        var vm = Guid.CreateVersion7();
        await test.Store.WriteSeedsAsync([new SeedRequest(test.Store.SeedPathOf(test.Datastore, vm), new Dictionary<string, string> { ["meta-data"] = "" })], default);
        File.WriteAllText(Path.Combine(test.LayersFolder, "stranger.qcow2"), "no image");
        File.WriteAllText(Path.Combine(test.LayersFolder, $"{Guid.NewGuid()}.raw.json"), "{}");
        Directory.CreateDirectory(Path.Combine(test.LayersFolder, $".{Guid.NewGuid():N}.ramet-tmp"));

        var found = await test.Store.ListFilesAsync(test.Datastore, default);
        Assert.Equal(7, found.Count);
        Assert.Equal(identity, found.Single(f => f.Path == path).Identity);
        Assert.Equal(overlay.Identity, found.Single(f => f.Path == overlay.Path).Identity);
        Assert.Equal(raw, found.Single(f => f.Path == test.PathOf(raw, ImageFormat.Raw)).Identity);
        Assert.Null(found.Single(f => f.Path.EndsWith("stranger.qcow2", StringComparison.Ordinal)).Identity);
        Assert.Equal(2, found.Count(f => f.IsTemporary));

        var space = await test.Store.GetSpaceAsync(test.Datastore, default);
        Assert.InRange(space.LayerBytes, 6 << 20, 8 << 20);
        Assert.InRange(space.FreeBytes, 1, space.TotalBytes);
    }

    [Fact]
    public async Task A_datastore_that_is_not_there_is_not_found()
    {
        await using var test = await TestStore.CreateAsync();
        Directory.Delete(test.LayersFolder);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<RametException>(() => test.Store.GetSpaceAsync(test.Datastore, default))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<RametException>(() => test.Store.ListFilesAsync(test.Datastore, default))).Kind);
    }
}
