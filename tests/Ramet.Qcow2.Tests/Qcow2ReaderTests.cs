namespace Ramet.Qcow2.Tests;

/// <summary>Images made by QEMU's tools read the same here as there.</summary>
public sealed class Qcow2ReaderTests : IDisposable
{
    private const int Size = 6 << 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("compat=0.10")]
    [InlineData("cluster_size=512")]
    [InlineData("cluster_size=2M")]
    [InlineData("refcount_bits=1")]
    [InlineData("refcount_bits=2")]
    [InlineData("refcount_bits=4")]
    [InlineData("refcount_bits=8")]
    [InlineData("refcount_bits=32")]
    [InlineData("refcount_bits=64")]
    [InlineData("preallocation=metadata")]
    [InlineData("lazy_refcounts=on")]
    [InlineData("extended_l2=on")]
    [InlineData("extended_l2=on,cluster_size=16k")]
    [InlineData("extended_l2=on,cluster_size=2M")]
    public void Every_layout(string options)
    {
        Qemu.Create(_folder["a"], Size, options);
        Qemu.Io(_folder["a"],
            "write -P 1 0 64k", "write -P 2 100k 3k", "write -P 3 1M 1M", "write -z 1200k 200k", "write -P 4 3000k 4k", "write -P 5 3008k 4k",
            "discard 1M 64k", "write -P 6 5900k 244k", "write -z -u 3M 1M");
        AssertReads("a");
        AssertClean("a");
    }

    [Theory]
    [InlineData("compression_type=zlib")]
    [InlineData("compression_type=zstd")]
    [InlineData("compression_type=zlib,cluster_size=4k")]
    [InlineData("compression_type=zstd,cluster_size=2M")]
    [InlineData("compression_type=zstd,extended_l2=on")]
    public void Compressed(string options)
    {
        var content = new byte[Size];
        new Random(1).NextBytes(content.AsSpan(1 << 20, 200_000));
        for (var i = 2 << 20; i < 5 << 20; i++)
            content[i] = (byte)(i * i >> 11);
        File.WriteAllBytes(_folder["raw"], content);
        RequiredTool.Run("qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, _folder["raw"], _folder["a"]);
        AssertReads("a");
        AssertClean("a");

        // In odd pieces, none of which is a cluster.
        using var layer = Qcow2Reader.Open(RawFile.OpenRead(_folder["a"]));
        var buffer = new byte[30_011];
        for (var at = 0; at + buffer.Length < Size; at += buffer.Length)
        {
            layer.Read(at, buffer);
            Assert.True(buffer.AsSpan().SequenceEqual(content.AsSpan(at, buffer.Length)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("extended_l2=on")]
    public void A_backing_shorter_than_the_overlay_reads_zeros_behind_its_end(string options)
    {
        Qemu.Create(_folder["base"], (3 << 20) + 512);
        Qemu.Io(_folder["base"], "write -P 1 0 3146240");
        Qemu.Create(_folder["a"], Size, options, backing: "base");
        Qemu.Io(_folder["a"], "write -P 2 1M 4k", "write -z 2M 64k");
        using var below = Qcow2Reader.Open(RawFile.OpenRead(_folder["base"]));
        AssertReads("a", below);

        using var layer = Qcow2Reader.Open(RawFile.OpenRead(_folder["a"]), new Qcow2OpenOptions { Backing = below });
        Assert.Equal(ExtentKind.Hole, layer.GetLayerExtent(0).Kind);
        Assert.Equal(ExtentKind.Data, layer.GetExtent(0).Kind);
        Assert.Equal(ExtentKind.Zero, layer.GetExtent(2 << 20).Kind);
        Assert.Equal(ExtentKind.Hole, layer.GetExtent(5 << 20).Kind);
        Assert.Equal(Size, ExtentWalk.Over(layer).Sum(e => e.Length));
    }

    [Fact]
    public void An_external_data_file_is_read_only_when_given()
    {
        Qemu.Create(_folder["a"], Size, $"data_file={_folder["data"]}");
        Qemu.Io(_folder["a"], "write -P 1 0 64k", "write -P 2 1M 1M");
        Assert.Equal(BlockErrorKind.DataFileRefused, Assert.Throws<BlockException>(() => Qcow2Reader.Open(RawFile.OpenRead(_folder["a"]))).Kind);
        using var data = RawFile.OpenRead(_folder["data"]);
        using var layer = Qcow2Reader.Open(RawFile.OpenRead(_folder["a"]), new Qcow2OpenOptions { DataFile = data });
        Assert.Equal(_folder["data"], layer.Area.DataFileName);
        Assert.Equal(Qemu.Content(_folder["a"], _folder["scratch"]), Images.ReadAll(layer));
        AssertClean("a");
    }

    [Fact]
    public void Entries_that_contradict_the_format_are_malformed_and_those_beyond_the_end_truncated()
    {
        Qemu.Create(_folder["a"], Size);
        Qemu.Io(_folder["a"], "write -P 1 0 64k");
        var l1 = (long)Images.Peek64(_folder["a"], 40);
        var l1Entry = Images.Peek64(_folder["a"], l1);
        var l2 = (long)(l1Entry & L1Entry.OffsetMask);
        foreach (var (at, value, kind) in new (long, ulong, BlockErrorKind)[]
        {
            (l2, 0x8000_0000_0005_0200, BlockErrorKind.Malformed),
            (l2, 0x8000_0000_7000_0000, BlockErrorKind.Truncated),
            (l2, 0x4000_0000_0000_0000 | 0x7fff_0000, BlockErrorKind.Truncated),
            (l2, 0x4000_0000_0000_0000 | 0x200, BlockErrorKind.Malformed),
            (l1, 0x8000_0000_0001_0200, BlockErrorKind.Malformed),
            (l1, 0x80FF_FFFF_FFFF_0000, BlockErrorKind.Truncated),
        })
        {
            var before = Images.Peek64(_folder["a"], at);
            Images.Poke64(_folder["a"], at, value);
            using (var layer = Qcow2Reader.Open(RawFile.OpenRead(_folder["a"])))
                Assert.Equal(kind, Assert.Throws<BlockException>(() => layer.Read(0, new byte[512])).Kind);
            Images.Poke64(_folder["a"], at, before);
        }
    }

    [Fact]
    public async Task Many_threads_with_a_cache_of_one_table_read_the_same()
    {
        Qemu.Create(_folder["a"], Size, "cluster_size=512");
        Qemu.Io(_folder["a"], "write -P 1 0 2M", "write -P 2 3M 2M");
        var content = Qemu.Content(_folder["a"], _folder["scratch"]);
        using var layer = Qcow2Reader.Open(RawFile.OpenRead(_folder["a"]), new Qcow2OpenOptions { L2CacheBytes = 512 * 3 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var buffer = new byte[5000];
            for (var i = 0; i < 1000; i++)
            {
                var at = random.Next(Size - buffer.Length);
                layer.Read(at, buffer);
                Assert.True(buffer.AsSpan().SequenceEqual(content.AsSpan(at, buffer.Length)));
            }
        })));
    }

    private void AssertReads(string name, IBlockDevice? backing = null)
    {
        using var layer = Qcow2Reader.Open(RawFile.OpenRead(_folder[name]), new Qcow2OpenOptions { Backing = backing });
        var expected = Qemu.Content(_folder[name], _folder["scratch"]);
        Assert.True(expected.AsSpan().SequenceEqual(Images.ReadAll(layer)), "content differs from QEMU's");
        foreach (var extent in ExtentWalk.Over(layer).Where(e => e.Kind != ExtentKind.Data))
            Assert.False(expected.AsSpan((int)extent.Offset, (int)extent.Length).ContainsAnyExcept((byte)0), $"{extent} is not zero");
    }

    private void AssertClean(string name)
    {
        using var file = RawFile.OpenRead(_folder[name]);
        var report = Qcow2Check.Run(file);
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }
}
