using Ramet.Core.Errors;
using Ramet.Core.Layers;

namespace Ramet.Storage.Tests;

/// <summary>Images that nobody vouches for. Each is refused by its header, with the file untouched and nothing it names opened.</summary>
public sealed class HostileImageTests
{
    [Theory]
    [InlineData("backing file", "/etc/shadow")]
    [InlineData("backing file by protocol", "nbd:")]
    [InlineData("backing file by json", "json:")]
    [InlineData("data file", "another file")]
    [InlineData("truncated", "beyond the end")]
    [InlineData("cut in the header", "")]
    [InlineData("luks", "encrypted")]
    [InlineData("raw declared qcow2", "")]
    [InlineData("qcow2 declared raw", "qcow")]
    [InlineData("vmdk declared raw", "VMDK")]
    [InlineData("corrupt bit", "corrupt")]
    [InlineData("unknown feature", "")]
    [InlineData("empty raw", "empty")]
    [InlineData("undeclared", "what format")]
    public async Task It_is_refused_and_says_why(string what, string because)
    {
        await using var test = await TestStore.CreateAsync();
        var (path, declared) = await MakeAsync(test, what);
        var before = File.ReadAllBytes(path);
        var error = await Assert.ThrowsAsync<RametException>(() => test.Store.InspectImportAsync(path, declared, default));
        Assert.Equal(ErrorKind.InvalidImage, error.Kind);
        Assert.Contains(because, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        Assert.Equal(before, File.ReadAllBytes(path));

        // Nor does it get in when the look was skipped.
        if (declared is { } format)
        {
            var identity = TestStore.NewIdentity();
            await Assert.ThrowsAsync<RametException>(() => test.Store.ImportAsync(path, format, identity, test.PathOf(identity, format), null, default));
            Assert.Empty(Directory.GetFileSystemEntries(test.LayersFolder));
        }
    }

    [Fact]
    public async Task What_is_no_file_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<RametException>(() => test.Store.InspectImportAsync(test.File("missing.qcow2"), ImageFormat.Qcow2, default))).Kind);
        Assert.Equal(ErrorKind.InvalidImage, (await Assert.ThrowsAsync<RametException>(() => test.Store.InspectImportAsync(test.Folder, ImageFormat.Raw, default))).Kind);
        await Tools.RunAsync("mkfifo", test.File("pipe"));
        Assert.Equal(ErrorKind.InvalidImage, (await Assert.ThrowsAsync<RametException>(() => test.Store.InspectImportAsync(test.File("pipe"), ImageFormat.Raw, default))).Kind);
    }

    [Fact]
    public async Task A_chain_whose_formats_are_not_declared_is_not_adopted()
    {
        await using var test = await TestStore.CreateAsync();
        var below = await test.SourceAsync("base.qcow2");
        var top = test.File("top.qcow2");
        await Tools.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "-b", below, "-F", "qcow2", top);
        var chain = await test.Store.InspectChainAsync(top, ImageFormat.Qcow2, default);
        Assert.Equal([top, below], chain.Select(c => c.Path));
        Assert.Equal(new LayerFile(below, ImageFormat.Qcow2), chain[0].Backing);

        // The name of the extension that declares the backing's format: one that nobody knows.
        var bytes = File.ReadAllBytes(top);
        var at = bytes.AsSpan().IndexOf(new byte[] { 0xE2, 0x79, 0x2A, 0xCA });
        bytes[at] = 0x01;
        File.WriteAllBytes(top, bytes);
        var error = await Assert.ThrowsAsync<RametException>(() => test.Store.InspectChainAsync(top, ImageFormat.Qcow2, default));
        Assert.Equal(ErrorKind.InvalidImage, error.Kind);
    }

    private static async Task<(string Path, ImageFormat? Declared)> MakeAsync(TestStore test, string what)
    {
        var path = test.File("image");
        switch (what)
        {
            case "backing file":
                await Tools.RunAsync("qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", "/etc/shadow", "-F", "raw", path, "1G");
                return (path, ImageFormat.Qcow2);
            case "backing file by protocol":
                await Tools.RunAsync("qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", "nbd:unix:/run/x.sock", "-F", "raw", path, "1G");
                return (path, ImageFormat.Qcow2);
            case "backing file by json":
                await Tools.RunAsync("qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", "json:{\"driver\":\"file\",\"filename\":\"/etc/shadow\"}", "-F", "raw", path, "1G");
                return (path, ImageFormat.Qcow2);
            case "data file":
                await Tools.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "-o", $"data_file={test.File("data")}", path, "64M");
                return (path, ImageFormat.Qcow2);
            case "luks":
                await Tools.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "--object", "secret,id=s,data=x", "-o", "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10", path, "64M");
                return (path, ImageFormat.Qcow2);
            case "raw declared qcow2":
                File.WriteAllBytes(path, new byte[1 << 20]);
                return (path, ImageFormat.Qcow2);
            case "vmdk declared raw":
                await Tools.RunAsync("qemu-img", "create", "-q", "-f", "vmdk", path, "64M");
                return (path, ImageFormat.Raw);
            case "empty raw":
                File.WriteAllBytes(path, []);
                return (path, ImageFormat.Raw);
        }

        File.Move(await test.SourceAsync(), path);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        switch (what)
        {
            case "truncated":
                RandomAccess.SetLength(file, RandomAccess.GetLength(file) / 2);
                break;
            case "cut in the header":
                RandomAccess.SetLength(file, 60);
                break;
            case "corrupt bit":
                RandomAccess.Write(file, [0x02], 79);
                break;
            case "unknown feature":
                RandomAccess.Write(file, [0x40], 72);
                break;
            case "qcow2 declared raw":
                return (path, ImageFormat.Raw);
            case "undeclared":
                return (path, null);
        }

        return (path, ImageFormat.Qcow2);
    }
}
