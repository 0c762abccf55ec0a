using Ramet.Qcow2;

namespace Ramet.Images.Tests;

/// <summary>Flattening, copying and measuring.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ImageFormat.Qcow2, 9)]
    [InlineData(ImageFormat.Qcow2, 16)]
    [InlineData(ImageFormat.Qcow2, 21)]
    [InlineData(ImageFormat.Raw, 16)]
    public void A_flattened_chain_shows_the_same_and_depends_on_nothing(ImageFormat format, int clusterBits)
    {
        var top = Chains.Make(_folder, 4);
        var identity = Chains.Identity("f") with { Role = "f" };
        using (var chain = BackingChain.OpenFollowing(top, ImageFormat.Qcow2))
            Flattener.Flatten(chain, new FlattenTarget(_folder["flat"], format, identity, clusterBits));
        Qemu.Compare(top, "qcow2", _folder["flat"], format.Name());
        Assert.True(FileStatus.Of(_folder["flat"]).AllocatedBytes < (clusterBits > 16 ? 16 << 20 : 5 << 20));
        if (format == ImageFormat.Raw)
            return;
        Qemu.Check(_folder["flat"]);
        var info = ImageInfo.Read(_folder["flat"], format);
        Assert.Null(info.BackingName);
        Assert.Equal(identity, info.Identity);
        ImportValidator.Validate(_folder["flat"], format).EnsureAccepted();
    }

    [Fact]
    public void An_empty_disk_and_an_odd_size_flatten()
    {
        File.WriteAllBytes(_folder["empty"], []);
        File.WriteAllBytes(_folder["odd"], Pattern.At(0, 100_001));
        foreach (var name in (string[])["empty", "odd"])
        {
            using var source = ImageOpener.OpenRead(_folder[name], ImageFormat.Raw);
            Flattener.Flatten(source, new FlattenTarget(_folder[name + ".q"], ImageFormat.Qcow2));
            Flattener.Flatten(source, new FlattenTarget(_folder[name + ".r"], ImageFormat.Raw));
            Qemu.Check(_folder[name + ".q"]);
            Assert.Equal(File.ReadAllBytes(_folder[name]), File.ReadAllBytes(_folder[name + ".r"]));
        }

        Qemu.Compare(_folder["odd"], "raw", _folder["odd.q"], "qcow2");
    }

    [Fact]
    public void Out_of_space_or_cancelled_nothing_stays()
    {
        File.WriteAllBytes(_folder["a"], Pattern.At(0, 4 << 20));
        using var small = new SmallFileSystem(1 << 20);
        using var source = ImageOpener.OpenRead(_folder["a"], ImageFormat.Raw);
        Assert.Equal(BlockErrorKind.NoSpace, Fails(() => Flattener.Flatten(source, new FlattenTarget(small["f"], ImageFormat.Qcow2))));
        Assert.Equal(BlockErrorKind.NoSpace, Fails(() => SparseCopy.Copy(_folder["a"], small["c"])));
        Assert.Equal(BlockErrorKind.NoSpace, Fails(() => SparseCopy.Copy(_folder["a"], small["c"], digest: true)));
        Assert.Throws<OperationCanceledException>(() => Flattener.Flatten(source, new FlattenTarget(small["f"], ImageFormat.Raw), null, new CancellationToken(true)));
        Assert.Empty(Directory.GetFileSystemEntries(small.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_copy_keeps_content_and_holes(bool digest)
    {
        using (var file = RawFile.CreateNew(_folder["a"]))
        {
            file.SetLength((200 << 20) + 5);
            file.Write(3 << 20, Pattern.At(0, 1 << 20));
            file.Write(150 << 20, Pattern.At(0, 4096));
        }

        var result = SparseCopy.Copy(_folder["a"], _folder["b"], digest);
        Assert.Equal((200 << 20) + 5, result.Length);
        Assert.Equal(LayerDigest.Compute(_folder["a"]), LayerDigest.Compute(_folder["b"]));
        Assert.True(FileStatus.Of(_folder["b"]).AllocatedBytes <= FileStatus.Of(_folder["a"]).AllocatedBytes);
        Assert.Equal(BlockErrorKind.AlreadyExists, Fails(() => SparseCopy.Copy(_folder["a"], _folder["b"])));
    }

    [Fact]
    public void Usage_counts_what_this_layer_holds()
    {
        Qemu.Create(_folder["base"], 64 << 20);
        Qemu.Io(_folder["base"], "write -P 1 0 8M");
        OverlayWriter.Create(new OverlaySpec(_folder["o"], "base", "qcow2", 64 << 20, Chains.Identity("o")), new OverlayOptions(17, ExtendedL2: true));
        Assert.Equal(0, LayerUsage.Measure(_folder["o"], ImageFormat.Qcow2).MappedBytes);
        Qemu.Io(_folder["o"], "write -P 1 0 8k", "write -z 1M 64k");
        var usage = LayerUsage.Measure(_folder["o"], ImageFormat.Qcow2);
        Assert.Equal((64L << 20, 8192L, 65536L), (usage.VirtualSize, usage.DataBytes, usage.ZeroBytes));
        Assert.Equal(8 << 20, LayerUsage.Measure(_folder["base"], ImageFormat.Qcow2).DataBytes);
        RequiredTool.Run("qemu-img", "snapshot", "-c", "s", _folder["base"]);
        Qemu.Io(_folder["base"], "write -P 2 0 1M");
        usage = LayerUsage.Measure(_folder["base"], ImageFormat.Qcow2);
        Assert.Equal((1, 7L << 20), (usage.SnapshotCount, usage.SharedBytes));
    }

    private static BlockErrorKind Fails(Action action) => Assert.Throws<BlockException>(action).Kind;
}
