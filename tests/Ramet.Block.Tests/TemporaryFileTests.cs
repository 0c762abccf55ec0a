namespace Ramet.Block.Tests;

public sealed class TemporaryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_name_appears_with_the_whole_content()
    {
        using (var file = TemporaryFile.Create(_folder["a"]))
        {
            file.File.Write(0, [1, 2, 3]);
            Assert.All(Directory.GetFileSystemEntries(_folder.Path), p => Assert.True(TemporaryFile.IsTemporary(Path.GetFileName(p))));
            file.Publish();
        }

        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["a"]));
    }

    [Fact]
    public void Without_publishing_nothing_stays()
    {
        TemporaryFile.Create(_folder["a"]).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_name_taken_meanwhile_is_not_replaced()
    {
        using (var file = TemporaryFile.Create(_folder["a"]))
        {
            File.WriteAllText(_folder["a"], "other");
            Assert.Equal(BlockErrorKind.AlreadyExists, Assert.Throws<BlockException>(file.Publish).Kind);
        }

        Assert.Equal("other", File.ReadAllText(_folder["a"]));
        Assert.Equal(BlockErrorKind.AlreadyExists, Assert.Throws<BlockException>(() => TemporaryFile.Create(_folder["a"])).Kind);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }
}
