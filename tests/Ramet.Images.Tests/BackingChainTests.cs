using Ramet.Qcow2;

namespace Ramet.Images.Tests;

public sealed class BackingChainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_chain_of_eight_layers_reads_as_in_qemu()
    {
        var top = Chains.Make(_folder, 8);
        using var chain = BackingChain.OpenFollowing(top, ImageFormat.Qcow2);
        Assert.Equal(8, chain.Layers.Count);
        var content = new byte[chain.Length];
        chain.Read(0, content);
        Assert.True(content.AsSpan().SequenceEqual(Qemu.Content(top, _folder["scratch"])));
        using var declared = BackingChain.Open(chain.Layers);
        Assert.Equal(chain.Length, declared.Length);
    }

    [Fact]
    public void A_declared_chain_must_be_the_one_in_the_headers()
    {
        Chains.Make(_folder, 3);
        ChainLayer Layer(int i, ImageFormat format = ImageFormat.Qcow2) => new(_folder[$"{i}"], format);
        foreach (ChainLayer[] wrong in (ChainLayer[][])[[Layer(2), Layer(0)], [Layer(2), Layer(1)], [Layer(2), Layer(1), Layer(0, ImageFormat.Raw)]])
            Assert.Equal(BlockErrorKind.ChainMismatch, Fails(() => BackingChain.Open(wrong)));
        BackingChain.Open([Layer(2), Layer(1), Layer(0)]).Dispose();
    }

    [Fact]
    public void Headers_are_followed_only_where_allowed()
    {
        Directory.CreateDirectory(_folder["inside"]);
        Qemu.Create(_folder["outside.qcow2"], 1 << 20);
        Spec("inside/direct", _folder["outside.qcow2"]);
        File.CreateSymbolicLink(_folder["inside/link"], _folder["outside.qcow2"]);
        Spec("inside/through-link", "link");
        Qemu.Create(_folder["inside/base"], 1 << 20);
        Spec("inside/good", "base");
        var policy = new ChainPolicy { AllowedFolders = [_folder["inside"]] };
        Assert.Equal(2, BackingChain.Describe(_folder["inside/good"], ImageFormat.Qcow2, policy).Count);
        Assert.Equal(BlockErrorKind.BackingRefused, Follow("inside/direct", policy));
        Assert.Equal(BlockErrorKind.BackingRefused, Follow("inside/through-link", policy));
    }

    [Theory]
    [InlineData("json:{\"driver\":\"null-co\"}", "qcow2", BlockErrorKind.BackingRefused)]
    [InlineData("nbd:localhost:10809", "raw", BlockErrorKind.BackingRefused)]
    [InlineData("file:base", "qcow2", BlockErrorKind.BackingRefused)]
    [InlineData("missing", "qcow2", BlockErrorKind.NotFound)]
    [InlineData("a", "qcow2", BlockErrorKind.ChainTooDeep)]
    [InlineData("base", "vmdk", BlockErrorKind.FormatUndeclared)]
    public void A_backing_that_cannot_be_followed_has_its_kind(string name, string format, BlockErrorKind kind)
    {
        Qemu.Create(_folder["base"], 1 << 20);
        Spec("a", name, format);
        Assert.Equal(kind, Follow("a", null));
    }

    [Fact]
    public void A_backing_without_a_declared_format_is_not_probed()
    {
        Qemu.Create(_folder["base"], 1 << 20);
        Spec("a", "base");
        using (var file = RawFile.OpenWrite(_folder["a"]))
            file.Write(112, [0x11, 0x22, 0x33, 0x44]);
        Assert.Equal(BlockErrorKind.FormatUndeclared, Follow("a", null));
    }

    private void Spec(string name, string backing, string format = "qcow2") =>
        OverlayWriter.Create(new OverlaySpec(_folder[name], backing, format, 1 << 20, Chains.Identity(name)));

    private BlockErrorKind Follow(string name, ChainPolicy? policy) => Fails(() => BackingChain.OpenFollowing(_folder[name], ImageFormat.Qcow2, policy));

    private static BlockErrorKind Fails(Action action) => Assert.Throws<BlockException>(action).Kind;
}
