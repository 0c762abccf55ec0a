namespace Ramet.Qcow2.Tests;

public sealed class HeaderEditorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("cluster_size=4096")]
    [InlineData("compat=0.10")]
    public void An_image_made_by_qemu_gets_an_identity_and_keeps_the_rest(string options)
    {
        Qemu.Create(_folder["a"], 64 << 20, options);
        Qemu.Io(_folder["a"], "write -P 5 1M 1M");
        var before = Extensions("a");
        Assert.Null(HeaderEditor.ReadIdentity(_folder["a"]));

        var first = Images.Identity("imports/debian12.qcow2") with { VmId = null };
        HeaderEditor.WriteIdentity(_folder["a"], first);
        Assert.Equal(first, HeaderEditor.ReadIdentity(_folder["a"]));
        var second = Images.Identity(new string('x', 300));
        HeaderEditor.WriteIdentity(_folder["a"], second);
        Assert.Equal(second, HeaderEditor.ReadIdentity(_folder["a"]));

        Assert.Equal(before, Extensions("a").Where(e => !e.StartsWith("52414D54", StringComparison.Ordinal)));
        Qemu.Check(_folder["a"]);
        Qemu.Io(_folder["a"], "read -P 5 1M 1M", "write -P 6 0 64k");
        Assert.Equal(second, HeaderEditor.ReadIdentity(_folder["a"]));
    }

    [Fact]
    public void The_backing_is_rewritten_again_and_again()
    {
        Qemu.Create(_folder["one"], 1 << 20);
        Qemu.Io(_folder["one"], "write -P 1 0 1M");
        Qemu.Create(_folder["two.raw"], 1 << 20);
        RequiredTool.Run("qemu-img", "convert", "-O", "raw", _folder["one"], _folder["two.raw"]);
        Qemu.Create(_folder["o"], 1 << 20, backing: "one");
        var identity = Images.Identity();
        HeaderEditor.WriteIdentity(_folder["o"], identity);
        for (var i = 0; i < 20; i++)
        {
            HeaderEditor.WriteBacking(_folder["o"], _folder["two.raw"], "raw");
            Qemu.Io(_folder["o"], "read -P 1 0 1M");
            HeaderEditor.WriteBacking(_folder["o"], "one", "qcow2");
        }

        Qemu.Io(_folder["o"], "read -P 1 0 1M");
        HeaderEditor.WriteBacking(_folder["o"], null, null);
        Qemu.Io(_folder["o"], "read -P 0 0 1M");
        Qemu.Check(_folder["o"]);
        Assert.Equal(identity, HeaderEditor.ReadIdentity(_folder["o"]));
        using var file = RawFile.OpenRead(_folder["o"]);
        var area = HeaderArea.Read(file);
        Assert.Null(area.BackingName);
        Assert.Null(area.BackingFormat);
    }

    [Fact]
    public void A_header_without_room_is_refused_and_unchanged()
    {
        Qemu.Create(_folder["a"], 1 << 20, "cluster_size=512");
        var before = File.ReadAllBytes(_folder["a"]);
        Assert.Equal(BlockErrorKind.OverBudget, Fails(() => HeaderEditor.WriteIdentity(_folder["a"], Images.Identity(new string('x', 300)))));
        Assert.Equal(BlockErrorKind.OverBudget, Fails(() => HeaderEditor.WriteIdentity(_folder["a"], Images.Identity(new string('x', 3000)))));
        Assert.Equal(before, File.ReadAllBytes(_folder["a"]));
    }

    [Fact]
    public void An_image_in_use_or_marked_corrupt_is_not_touched()
    {
        OverlayWriter.Create(Images.Orphan(_folder["a"]));
        using (RawFile.OpenRead(_folder["a"], ImageLockMode.Read))
            Assert.Equal(BlockErrorKind.Locked, Fails(() => HeaderEditor.WriteIdentity(_folder["a"], Images.Identity())));
        Images.Poke64(_folder["a"], 72, (ulong)IncompatibleFeatures.Corrupt);
        Assert.Equal(BlockErrorKind.MarkedCorrupt, Fails(() => HeaderEditor.WriteIdentity(_folder["a"], Images.Identity())));
    }

    [Fact]
    public void A_damaged_identity_is_noticed()
    {
        OverlayWriter.Create(Images.Orphan(_folder["a"]));
        var bytes = File.ReadAllBytes(_folder["a"]).AsSpan(0, 4096);
        var role = bytes.IndexOf("seat-01"u8);
        Images.Poke(_folder["a"], role, (byte)'S');
        Assert.Equal(BlockErrorKind.Malformed, Fails(() => HeaderEditor.ReadIdentity(_folder["a"])));
    }

    [Fact]
    public void Unknown_autoclear_bits_are_cleared_by_a_write()
    {
        OverlayWriter.Create(Images.Orphan(_folder["a"]));
        Images.Poke64(_folder["a"], 88, 0x8000_0000_0000_0000);
        HeaderEditor.WriteIdentity(_folder["a"], Images.Identity());
        Assert.Equal(0UL, Images.Peek64(_folder["a"], 88));
    }

    private List<string> Extensions(string name)
    {
        using var file = RawFile.OpenRead(_folder[name]);
        return [.. HeaderArea.Read(file).Extensions.Select(e => $"{e.Type:X8} {Convert.ToHexString(e.Data.Span)}")];
    }

    private static BlockErrorKind Fails(Action action) => Assert.Throws<BlockException>(action).Kind;
}
