using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Storage.Seeds;

namespace Ramet.Storage.Tests;

/// <summary>Seeds as cloud-init will find them: by label, under their exact names, whatever of ISO 9660 the guest's kernel can read.</summary>
public sealed class SeedTests
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["user-data"] = "#cloud-config\n" + new string('#', 5000) + "\nname: 'Zoë ☃'\n",
        ["meta-data"] = "instance-id: i-1\nlocal-hostname: seat-01\n",
        ["network-config"] = "",
        ["vendor-data"] = "#cloud-config\n{}\n",
    };

    [Fact]
    public async Task The_label_and_the_type_are_what_cloud_init_looks_for()
    {
        await using var test = await TestStore.CreateAsync();
        var path = await SeedAsync(test);
        var found = await Tools.RunAsync("blkid", "-p", "-o", "export", path);
        Assert.Contains("LABEL=cidata\n", found, StringComparison.Ordinal);
        Assert.Contains("TYPE=iso9660\n", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-R")]
    [InlineData("-J")]
    public async Task Another_reader_lists_and_extracts_every_file(string names)
    {
        await using var test = await TestStore.CreateAsync();
        var path = await SeedAsync(test);
        var listed = await Tools.RunAsync("isoinfo", "-i", path, names, "-f");
        Assert.Equal(Files.Keys.Order(), listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimStart('/')).Order());
        foreach (var (name, content) in Files)
            Assert.Equal(content, await Tools.RunAsync("isoinfo", "-i", path, names, "-x", "/" + name));
        Assert.Contains("META_DATA.;1", await Tools.RunAsync("isoinfo", "-i", path, "-l"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ro,loop")]
    [InlineData("ro,loop,norock")]
    public async Task Linux_mounts_it_and_shows_the_exact_names(string options)
    {
        await using var test = await TestStore.CreateAsync();
        var path = await SeedAsync(test);
        var at = test.File("mounted");
        Directory.CreateDirectory(at);
        // Not a matter of packages: a kernel without the driver stays without it. The tests with guests boot from such a seed.
        if ((await Tools.TryAsync("mount", "-t", "iso9660", "-o", options, path, at)) is { Code: not 0 } failed)
            Assert.Skip($"this machine's kernel mounts no ISO 9660 file, or the test is not root's: {failed.Output.Trim()}");
        try
        {
            Assert.Equal(Files.Keys.Order(), Directory.GetFiles(at).Select(Path.GetFileName).Order());
            foreach (var (name, content) in Files)
                Assert.Equal(content, File.ReadAllText(Path.Combine(at, name)));
        }
        finally
        {
            await Tools.RunAsync("umount", at);
        }
    }

    [Fact]
    public async Task A_seed_is_small_private_and_the_same_for_the_same_content()
    {
        await using var test = await TestStore.CreateAsync();
        var path = await SeedAsync(test);
        var first = File.ReadAllBytes(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(0, first.Length % SeedImage.SectorSize);
        Assert.InRange(Block.FileStatus.Of(path).AllocatedBytes, 1, 36 << 10);
        Assert.Equal(first, File.ReadAllBytes(await SeedAsync(test)));
    }

    [Fact]
    public async Task A_seed_is_replaced_as_a_whole()
    {
        await using var test = await TestStore.CreateAsync();
        var path = test.Store.SeedPathOf(test.Datastore, Guid.CreateVersion7());
        await test.Store.WriteSeedsAsync([new SeedRequest(path, Files)], default);
        using var open = File.OpenHandle(path);
        await test.Store.WriteSeedsAsync([new SeedRequest(path, new Dictionary<string, string> { ["meta-data"] = "new" })], default);

        // A VM that runs on the old one goes on reading the old one.
        var old = new byte[6];
        RandomAccess.Read(open, old, SeedImage.ContentOffset);
        Assert.Equal([1, .. "CD001"u8], old);
        Assert.Equal("new", await Tools.RunAsync("isoinfo", "-i", path, "-R", "-x", "/meta-data"));
        Assert.Single(Directory.GetFileSystemEntries(test.SeedsFolder));
    }

    [Fact]
    public async Task A_batch_is_written_and_removed_whole()
    {
        await using var test = await TestStore.CreateAsync();
        SeedRequest[] seeds = [.. Enumerable.Range(0, 200).Select(_ => new SeedRequest(test.Store.SeedPathOf(test.Datastore, Guid.CreateVersion7()), Files))];
        await test.Store.WriteSeedsAsync(seeds, default);
        Assert.Equal(200, Directory.GetFileSystemEntries(test.SeedsFolder).Length);
        await test.Store.DeleteAsync([.. seeds.Select(s => s.Path)], default);
        Assert.Empty(Directory.GetFileSystemEntries(test.SeedsFolder));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("häßlich")]
    public void A_name_that_no_seed_has_is_refused(string name)
    {
        var error = Assert.Throws<RametException>(() => SeedImage.Compose("cidata", new Dictionary<string, string> { [name] = "" }));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
    }

    [Fact]
    public void Names_that_would_become_one_and_too_many_files_are_refused()
    {
        Assert.Throws<RametException>(() => SeedImage.Compose("cidata", new Dictionary<string, string> { ["meta-data"] = "", ["meta_data"] = "" }));
        Assert.Throws<RametException>(() => SeedImage.Compose("cidata", Enumerable.Range(0, 60).ToDictionary(i => $"file-{i}", _ => "")));
    }

    private static async Task<string> SeedAsync(TestStore test)
    {
        var path = test.Store.SeedPathOf(test.Datastore, Guid.CreateVersion7());
        await test.Store.WriteSeedsAsync([new SeedRequest(path, Files)], default);
        return path;
    }
}
