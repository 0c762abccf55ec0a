namespace Ramet.Qcow2.Tests;

public sealed class OverlayWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_overlay_of_100_GiB_takes_three_pages()
    {
        OverlayWriter.Create(Images.Orphan(_folder["a.qcow2"], 100L << 30));
        Assert.InRange(FileStatus.Of(_folder["a.qcow2"]).AllocatedBytes, 1, 16 << 10);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(12, false)]
    [InlineData(14, true)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    [InlineData(17, true)]
    [InlineData(21, false)]
    [InlineData(21, true)]
    public void Every_layout_is_clean_and_writable_for_qemu(int clusterBits, bool extended)
    {
        const long Size = 64L << 20;
        Qemu.Create(_folder["base"], Size);
        Qemu.Io(_folder["base"], "write -P 7 0 1M", "write -P 8 60M 1M");
        // A cluster of 512 bytes has no room for an identity and a long name.
        var spec = Images.Overlay(_folder["o"], "base", Size) with { Identity = Images.Identity("x") };
        OverlayWriter.Create(spec, new OverlayOptions(clusterBits, extended));
        Qemu.Check(_folder["o"]);
        Qemu.Compare(_folder["o"], "qcow2", _folder["base"], "qcow2");
        Qemu.Io(_folder["o"], "write -P 9 4k 12k", "read -P 7 0 4k", "read -P 9 4k 12k", "read -P 7 16k 900k", "read -P 8 60M 1M");
        Qemu.Check(_folder["o"]);
        using var file = RawFile.OpenRead(_folder["o"]);
        Assert.True(Qcow2Check.Run(file).IsClean);
        Assert.Equal(spec.Identity.LayerId, HeaderEditor.ReadIdentity(_folder["o"])!.LayerId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    [InlineData(1000)]
    [InlineData(64L << 40)]
    public void Every_size_is_clean(long size)
    {
        Qemu.Create(_folder["base"], 1 << 20);
        OverlayWriter.Create(Images.Overlay(_folder["a"], "base", size));
        using var file = RawFile.OpenRead(_folder["a"]);
        Assert.True(Qcow2Check.Run(file).IsClean);
        Qemu.Check(_folder["a"]);
    }

    [Fact]
    public void A_disk_too_large_for_its_clusters_is_refused() =>
        Assert.Equal(BlockErrorKind.OverBudget, Fails(() => OverlayWriter.Create(Images.Orphan(_folder["a"], 1L << 40), new OverlayOptions(9, false))));

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void A_batch_can_be_run_again(int count)
    {
        var specs = Enumerable.Range(0, count).Select(i => Images.Orphan(_folder[$"{i}"])).ToList();
        OverlayWriter.Create([.. specs.Take(count / 2)]);

        // The remains of a run that was killed: half an overlay under its temporary name.
        File.WriteAllText(TemporaryFile.NameFor(specs[^1].Path, specs[^1].Identity.LayerId), "half");
        OverlayWriter.Create(specs);
        OverlayWriter.Create(specs);
        Assert.Equal(count, Directory.GetFiles(_folder.Path).Length);
        Assert.All(specs, s => Assert.Equal(s.Identity, HeaderEditor.ReadIdentity(s.Path)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void A_name_that_is_taken_undoes_the_batch(int count)
    {
        var specs = Enumerable.Range(0, count).Select(i => Images.Orphan(_folder[$"{i}"])).ToList();
        File.WriteAllText(specs[^1].Path, "somebody's");
        Assert.Equal(BlockErrorKind.AlreadyExists, Fails(() => OverlayWriter.Create(specs)));
        Assert.Equal([specs[^1].Path], Directory.GetFiles(_folder.Path));
        Assert.Equal("somebody's", File.ReadAllText(specs[^1].Path));
    }

    [Fact]
    public void Another_overlay_under_the_name_is_not_ours()
    {
        OverlayWriter.Create(Images.Orphan(_folder["a"]));
        Assert.Equal(BlockErrorKind.AlreadyExists, Fails(() => OverlayWriter.Create(Images.Orphan(_folder["a"]))));
    }

    [Fact]
    public void A_full_file_system_leaves_nothing_behind()
    {
        using var small = new SmallFileSystem(256 << 10);
        var specs = Enumerable.Range(0, 100).Select(i => Images.Orphan(small[$"{i}"])).ToList();
        Assert.Equal(BlockErrorKind.NoSpace, Fails(() => OverlayWriter.Create(specs)));
        Assert.Empty(Directory.GetFileSystemEntries(small.Path));
        OverlayWriter.Create([.. specs.Take(10)]);
    }

    [Fact]
    public void A_missing_folder_is_not_found() =>
        Assert.Equal(BlockErrorKind.NotFound, Fails(() => OverlayWriter.Create(Images.Orphan(_folder["no/such"]))));

    private static BlockErrorKind Fails(Action action) => Assert.Throws<BlockException>(action).Kind;
}
