using System.Buffers.Binary;

namespace Ramet.Images.Tests;

public sealed class ImportValidatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ImportValidatorTests()
    {
        _path = _folder["a"];
        Qemu.Create(_path, 64 << 20);
        Qemu.Io(_path, "write -P 1 0 4M");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_image_is_accepted()
    {
        var verdict = ImportValidator.Validate(_path, ImageFormat.Qcow2);
        verdict.EnsureAccepted();
        Assert.Equal((64L << 20, 65536), (verdict.Info!.VirtualSize, verdict.Info.ClusterSize));
        RequiredTool.Run("qemu-img", "convert", "-O", "raw", _path, _folder["raw"]);
        ImportValidator.Validate(_folder["raw"], ImageFormat.Raw).EnsureAccepted();
    }

    [Fact]
    public void A_backing_or_data_file_is_refused_without_being_opened()
    {
        Qemu.Create(_folder["b"], 1 << 20, backing: "a");
        Qemu.Create(_folder["c"], 1 << 20, $"data_file={_folder["data"]}");
        File.Delete(_folder["data"]);
        Assert.Equal(BlockErrorKind.BackingRefused, Refusal("b"));
        Assert.Equal(BlockErrorKind.DataFileRefused, Refusal("c"));
    }

    [Fact]
    public void Many_leaks_do_not_hide_one_error()
    {
        // Half of what is written is discarded again: its clusters are leaked by the hundred, and behind them lies the error.
        Qemu.Io(_path, "write -P 2 8M 32M", "discard 8M 16M");
        using (var file = new FileStream(_path, FileMode.Open))
        {
            Span<byte> entry = stackalloc byte[8];
            Span<byte> header = stackalloc byte[72];
            file.ReadExactly(header);
            var refcountTable = (long)BinaryPrimitives.ReadUInt64BigEndian(header[48..]);
            file.Position = refcountTable;
            file.ReadExactly(entry);
            var block = (long)BinaryPrimitives.ReadUInt64BigEndian(entry);
            file.Position = block + (2 * 90);
            for (var i = 0; i < 200; i++)
                file.Write([0, 1]);
            file.Position = block + (2 * 400);
            file.Write([0, 0]);
        }

        Assert.Equal(BlockErrorKind.Malformed, Refusal("a"));
    }

    [Fact]
    public void Encrypted_images_are_refused()
    {
        RequiredTool.Run("qemu-img", "create", "-q", "-f", "qcow2", "--object", "secret,id=s,data=x", "-o", "encrypt.format=aes,encrypt.key-secret=s", _folder["aes"], "1M");
        Assert.Equal(BlockErrorKind.Encrypted, Refusal("aes"));
    }

    [Fact]
    public void The_declared_format_must_be_true()
    {
        Assert.Equal(BlockErrorKind.SuspiciousContent, Refusal("a", ImageFormat.Raw));
        File.WriteAllBytes(_folder["raw"], new byte[1 << 20]);
        Assert.Equal(BlockErrorKind.WrongFormat, Refusal("raw"));
        RequiredTool.Run("qemu-img", "create", "-q", "-f", "vmdk", _folder["vmdk"], "1M");
        Assert.Equal(BlockErrorKind.SuspiciousContent, Refusal("vmdk", ImageFormat.Raw));
        File.WriteAllBytes(_folder["empty"], []);
        Assert.Equal(BlockErrorKind.Truncated, Refusal("empty", ImageFormat.Raw));
        Assert.Equal(BlockErrorKind.WrongFormat, Refusal("empty"));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(4096)]
    [InlineData(200_000)]
    [InlineData(400_000)]
    [InlineData(2_000_000)]
    public void Cut_anywhere_it_is_truncated(long length)
    {
        using (var file = RawFile.OpenWrite(_path))
            file.SetLength(length);
        Assert.Equal(BlockErrorKind.Truncated, Refusal("a"));
    }

    [Theory]
    [InlineData(72, 0x20, BlockErrorKind.UnsupportedFeature)]
    [InlineData(72, 0x02, BlockErrorKind.MarkedCorrupt)]
    public void Feature_bits_are_judged(long offset, ulong value, BlockErrorKind kind)
    {
        Poke(offset, value);
        Assert.Equal(kind, Refusal("a"));
    }

    [Fact]
    public void Damaged_tables_are_refused()
    {
        Poke(0x10000, 0);
        Assert.Equal(BlockErrorKind.Malformed, Refusal("a"));
    }

    [Fact]
    public void A_missing_file_is_an_error_and_no_verdict() =>
        Assert.Equal(BlockErrorKind.NotFound, Assert.Throws<BlockException>(() => ImportValidator.Validate(_folder["none"], ImageFormat.Qcow2)).Kind);

    private void Poke(long offset, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        using var file = RawFile.OpenWrite(_path);
        file.Write(offset, bytes);
    }

    private BlockErrorKind Refusal(string name, ImageFormat format = ImageFormat.Qcow2)
    {
        var verdict = ImportValidator.Validate(_folder[name], format);
        Assert.False(verdict.IsAccepted);
        Assert.Equal(verdict.Refusals[0].Kind, Assert.Throws<BlockException>(verdict.EnsureAccepted).Kind);
        return verdict.Refusals[0].Kind;
    }
}
