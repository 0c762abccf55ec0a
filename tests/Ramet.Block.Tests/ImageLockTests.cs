namespace Ramet.Block.Tests;

public sealed class ImageLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ImageLockTests()
    {
        _path = _folder["disk.raw"];
        using var file = RawFile.CreateNew(_path);
        file.SetLength(1 << 20);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Readers_share_and_writers_exclude()
    {
        using (RawFile.OpenRead(_path, ImageLockMode.Read))
        using (RawFile.OpenRead(_path, ImageLockMode.Read))
            Assert.Equal(BlockErrorKind.Locked, Assert.Throws<BlockException>(() => RawFile.OpenWrite(_path, ImageLockMode.Write)).Kind);
        using (RawFile.OpenWrite(_path, ImageLockMode.Write))
        {
            Assert.Throws<BlockException>(() => RawFile.OpenWrite(_path, ImageLockMode.Write));
            Assert.Throws<BlockException>(() => RawFile.OpenRead(_path, ImageLockMode.Read));
            RawFile.OpenRead(_path).Dispose();
        }

        RawFile.OpenWrite(_path, ImageLockMode.Write).Dispose();
    }

    [Fact]
    public void Qemu_respects_our_locks()
    {
        RequiredTool.Demand("qemu-io");
        string[] write = ["-f", "raw", "-c", "write 0 512", _path];
        using (RawFile.OpenWrite(_path, ImageLockMode.Write))
            Assert.Contains("lock", RequiredTool.TryRun("qemu-io", write).Error);
        using (RawFile.OpenRead(_path, ImageLockMode.Read))
        {
            Assert.Contains("lock", RequiredTool.TryRun("qemu-io", write).Error);
            Assert.Contains("read 512", RequiredTool.Run("qemu-io", "-r", "-f", "raw", "-c", "read 0 512", _path));
        }

        Assert.Contains("wrote 512", RequiredTool.Run("qemu-io", write));
    }
}
