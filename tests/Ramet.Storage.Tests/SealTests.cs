using Ramet.Core.Errors;
using Ramet.Core.Layers;

namespace Ramet.Storage.Tests;

/// <summary>Invariant 1: a sealed layer never changes, and when somebody changes it all the same, it shows.</summary>
public sealed class SealTests
{
    [Fact]
    public async Task Sealing_takes_the_right_to_write_away_and_gives_none()
    {
        await using var test = await TestStore.CreateAsync();
        var path = await test.SourceAsync();
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_100);
        var seal = await test.Store.SealAsync(new LayerFile(path, ImageFormat.Qcow2), null, default);
        Assert.Equal((UnixFileMode)0b100_100_100, File.GetUnixFileMode(path));
        Assert.StartsWith("sha256-1m:", seal.Digest, StringComparison.Ordinal);
        Assert.Equal(new FileInfo(path).Length, seal.Length);

        // Idempotent, and the same for the same content.
        Assert.Equal(seal, await test.Store.SealAsync(new LayerFile(path, ImageFormat.Qcow2), null, default));
    }

    [Theory]
    [InlineData("nothing", null)]
    [InlineData("mode", null)]
    [InlineData("content", "was written at")]
    [InlineData("length", "bytes, sealed it had")]
    [InlineData("replaced", "another file")]
    [InlineData("touched", "was written at")]
    [InlineData("header", "its header is damaged")]
    [InlineData("rebased", "names the backing file")]
    [InlineData("resized", "bytes of disk")]
    [InlineData("gone", "the file is gone")]
    public async Task A_change_is_found_without_reading_the_layer(string what, string? expected)
    {
        await using var test = await TestStore.CreateAsync();
        var (identity, path) = await test.BaseAsync();
        var seal = await test.Store.SealAsync(new LayerFile(path, ImageFormat.Qcow2), null, default);
        var layer = Sealed(identity, path, seal);
        var mtime = File.GetLastWriteTimeUtc(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        switch (what)
        {
            case "content":
                await Tools.RunAsync("qemu-io", "-f", "qcow2", "-c", "write -P 9 1M 4k", path);
                break;
            case "length":
                File.AppendAllText(path, "x");
                File.SetLastWriteTimeUtc(path, mtime);
                break;
            case "replaced":
                File.Copy(path, path + ".new");
                File.Move(path + ".new", path, overwrite: true);
                File.SetLastWriteTimeUtc(path, mtime);
                break;
            case "touched":
                File.SetLastWriteTimeUtc(path, mtime.AddMicroseconds(1));
                break;
            case "header":
                Poke(path, 0, 0xff);
                File.SetLastWriteTimeUtc(path, mtime);
                break;
            case "rebased":
                await Tools.RunAsync("qemu-img", "rebase", "-u", "-f", "qcow2", "-b", "/etc/shadow", "-F", "raw", path);
                File.SetLastWriteTimeUtc(path, mtime);
                break;
            case "resized":
                Poke(path, 24 + 6, 0x10);
                File.SetLastWriteTimeUtc(path, mtime);
                break;
            case "gone":
                File.Delete(path);
                break;
        }

        var change = await test.Store.FindChangeAsync(layer, default);
        if (expected is null)
            Assert.Null(change);
        else
            Assert.Contains(expected, change, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_hides_is_found_by_the_digest()
    {
        await using var test = await TestStore.CreateAsync();
        var (identity, path) = await test.BaseAsync();
        var layer = Sealed(identity, path, await test.Store.SealAsync(new LayerFile(path, ImageFormat.Qcow2), null, default));
        Assert.Null(await test.Store.FindContentChangeAsync(layer, null, default));

        var mtime = File.GetLastWriteTimeUtc(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Poke(path, new FileInfo(path).Length - 1000, 0x13);
        File.SetLastWriteTimeUtc(path, mtime);
        Assert.Null(await test.Store.FindChangeAsync(layer, default));
        Assert.Contains("its digest is", await test.Store.FindContentChangeAsync(layer, null, default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_being_written_is_not_sealed()
    {
        await using var test = await TestStore.CreateAsync();
        var path = await test.SourceAsync("busy.raw", "256M");
        var error = await Assert.ThrowsAsync<RametException>(() => test.Store.SealAsync(new LayerFile(path, ImageFormat.Raw), new Writer(path), default));
        Assert.Equal(ErrorKind.LayerChanged, error.Kind);
    }

    private static Layer Sealed(LayerIdentity identity, string path, LayerSeal seal) => new()
    {
        Id = identity.LayerId,
        Path = path,
        Target = "vda",
        Format = ImageFormat.Qcow2,
        State = LayerState.Sealed,
        VirtualSize = 64 << 20,
        Digest = seal.Digest,
        SealedLength = seal.Length,
        SealedMtimeNs = seal.MtimeNs,
        SealedInode = seal.Inode,
    };

    private static void Poke(string path, long offset, byte value)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, [value], offset);
    }

    private sealed class Writer(string path) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value)
        {
            if (value.Done == value.Total)
                Poke(path, 0, 1);
        }
    }
}
