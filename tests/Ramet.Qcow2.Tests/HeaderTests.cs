namespace Ramet.Qcow2.Tests;

public sealed class HeaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public HeaderTests()
    {
        _path = _folder["a.qcow2"];
        OverlayWriter.Create(Images.Orphan(_path), new OverlayOptions(ClusterBits: 16));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0x51464900, BlockErrorKind.WrongFormat)]
    [InlineData(4, 1, BlockErrorKind.UnsupportedFeature)]
    [InlineData(4, 4, BlockErrorKind.UnsupportedFeature)]
    [InlineData(12, 0x7fffffff, BlockErrorKind.Malformed)]
    [InlineData(12, 50, BlockErrorKind.Malformed)]
    [InlineData(16, 1024, BlockErrorKind.Malformed)]
    [InlineData(16, 0xffffffff, BlockErrorKind.Malformed)]
    [InlineData(20, 8, BlockErrorKind.Malformed)]
    [InlineData(20, 13, BlockErrorKind.Malformed)]
    [InlineData(20, 22, BlockErrorKind.Malformed)]
    [InlineData(20, 0xffffffff, BlockErrorKind.Malformed)]
    [InlineData(24, 0x80000000, BlockErrorKind.Malformed)]
    [InlineData(24, 0x7fffffff, BlockErrorKind.Malformed)]
    [InlineData(32, 1, BlockErrorKind.Encrypted)]
    [InlineData(32, 2, BlockErrorKind.Encrypted)]
    [InlineData(32, 3, BlockErrorKind.UnsupportedFeature)]
    [InlineData(36, 1, BlockErrorKind.Malformed)]
    [InlineData(36, 0x00400001, BlockErrorKind.Malformed)]
    [InlineData(40, 0x80000000, BlockErrorKind.Malformed)]
    [InlineData(40, 0x70000000, BlockErrorKind.Truncated)]
    [InlineData(44, 512, BlockErrorKind.Malformed)]
    [InlineData(44, 0, BlockErrorKind.Malformed)]
    [InlineData(48, 0x10000, BlockErrorKind.Truncated)]
    [InlineData(52, 0, BlockErrorKind.Malformed)]
    [InlineData(56, 0, BlockErrorKind.Malformed)]
    [InlineData(56, 0xffffffff, BlockErrorKind.Malformed)]
    [InlineData(56, 100, BlockErrorKind.Truncated)]
    [InlineData(60, 65537, BlockErrorKind.Malformed)]
    [InlineData(60, 1, BlockErrorKind.Malformed)]
    [InlineData(72, 1, BlockErrorKind.UnsupportedFeature)]
    [InlineData(76, 0x30, BlockErrorKind.UnsupportedFeature)]
    [InlineData(76, 0x14, BlockErrorKind.DataFileRefused)]
    [InlineData(76, 0x18, BlockErrorKind.Malformed)]
    [InlineData(96, 7, BlockErrorKind.Malformed)]
    [InlineData(100, 96, BlockErrorKind.Malformed)]
    [InlineData(100, 108, BlockErrorKind.Malformed)]
    [InlineData(100, 0x7ffffff8, BlockErrorKind.Malformed)]
    [InlineData(104, 0x02000000, BlockErrorKind.UnsupportedFeature)]
    [InlineData(104, 0x01000000, BlockErrorKind.Malformed)]
    [InlineData(116, 0x7fffffff, BlockErrorKind.Malformed)]
    public void A_malformed_field_is_refused_with_its_kind(long offset, uint value, BlockErrorKind kind)
    {
        Images.Poke32(_path, offset, value);
        Assert.Equal(kind, Assert.Throws<BlockException>(() => Qcow2Reader.Open(RawFile.OpenRead(_path))).Kind);
    }

    [Theory]
    [InlineData(0, BlockErrorKind.WrongFormat)]
    [InlineData(4, BlockErrorKind.Truncated)]
    [InlineData(71, BlockErrorKind.Truncated)]
    [InlineData(103, BlockErrorKind.Truncated)]
    [InlineData(110, BlockErrorKind.Truncated)]
    [InlineData(200, BlockErrorKind.Truncated)]
    [InlineData(65536, BlockErrorKind.Truncated)]
    [InlineData(196608, BlockErrorKind.Truncated)]
    public void A_file_that_ends_early_is_truncated(long length, BlockErrorKind kind)
    {
        using (var file = RawFile.OpenWrite(_path))
            file.SetLength(length);
        Assert.Equal(kind, Assert.Throws<BlockException>(() => Qcow2Reader.Open(RawFile.OpenRead(_path))).Kind);
    }

    [Fact]
    public void A_header_is_written_as_it_was_read()
    {
        using var file = RawFile.OpenRead(_path);
        var start = new byte[Qcow2Header.Version3Length];
        file.Read(0, start);
        var again = new byte[start.Length];
        Qcow2Header.Read(start, _path).Write(again);
        Assert.Equal(start, again);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Refcounts_of_every_width_keep_apart(int order)
    {
        var block = new byte[512];
        var max = order == 6 ? ulong.MaxValue : (1UL << (1 << order)) - 1;
        var count = 512 * 8 >> order;
        for (var i = 0; i < count; i++)
            RefcountBlock.Set(block, order, i, (ulong)i * 7 & max);
        for (var i = 0; i < count; i++)
            Assert.Equal((ulong)i * 7 & max, RefcountBlock.Get(block, order, i));
        RefcountBlock.Set(block, order, 5, max);
        Assert.Equal((ulong)4 * 7 & max, RefcountBlock.Get(block, order, 4));
        Assert.Equal((ulong)6 * 7 & max, RefcountBlock.Get(block, order, 6));
    }
}
