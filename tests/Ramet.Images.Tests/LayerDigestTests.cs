using System.Security.Cryptography;

namespace Ramet.Images.Tests;

public sealed class LayerDigestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData((70 << 20) + 12345)]
    public void It_is_what_the_definition_says(int length)
    {
        var content = new byte[length];
        for (var at = 0; at < length; at += 9 << 20)
            Pattern.At(at, Math.Min(3 << 20, length - at)).CopyTo(content, at);
        File.WriteAllBytes(_folder["dense"], content);
        using (var sparse = RawFile.CreateNew(_folder["sparse"]))
        {
            sparse.SetLength(length);
            for (var at = 0; at < length; at += 9 << 20)
                sparse.Write(at, content.AsSpan(at, Math.Min(3 << 20, length - at)));
        }

        using var outer = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0; at < length; at += 1 << 20)
            outer.AppendData(SHA256.HashData(content.AsSpan(at, Math.Min(1 << 20, length - at))));
        var expected = "sha256-1m:" + Convert.ToHexStringLower(outer.GetHashAndReset());
        Assert.Equal(expected, LayerDigest.Compute(_folder["dense"]).ToString());
        Assert.Equal(expected, LayerDigest.Compute(_folder["sparse"]).ToString());

        var copy = SparseCopy.Copy(_folder["sparse"], _folder["copy"], digest: true);
        Assert.Equal(expected, copy.Digest.ToString());
        Assert.Equal(content, File.ReadAllBytes(_folder["copy"]));
        Assert.True(LayerDigest.TryParse(expected, out var parsed));
        Assert.Equal(copy.Digest, parsed);
    }

    [Fact]
    public void One_changed_bit_changes_it()
    {
        File.WriteAllBytes(_folder["a"], Pattern.At(0, 3 << 20));
        var before = LayerDigest.Compute(_folder["a"]);
        using (var file = RawFile.OpenWrite(_folder["a"]))
            file.Write((2 << 20) + 7, [0]);
        Assert.NotEqual(before, LayerDigest.Compute(_folder["a"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256-1m:")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256-1m:G000000000000000000000000000000000000000000000000000000000000000")]
    public void Other_texts_are_not_digests(string? text) => Assert.False(LayerDigest.TryParse(text, out _));

    [Fact]
    public void A_quarter_terabyte_of_hole_costs_no_reading()
    {
        using (var file = RawFile.CreateNew(_folder["a"]))
            file.SetLength(1L << 38);
        var reports = new List<BlockProgress>();
        LayerDigest.Compute(_folder["a"], new Collect(reports));
        Assert.Equal(new BlockProgress(1L << 38, 1L << 38), reports[^1]);
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        File.WriteAllBytes(_folder["a"], new byte[1 << 20]);
        Assert.Throws<OperationCanceledException>(() => LayerDigest.Compute(_folder["a"], null, new CancellationToken(true)));
    }

    private sealed class Collect(List<BlockProgress> into) : IProgress<BlockProgress>
    {
        public void Report(BlockProgress value) => into.Add(value);
    }
}
