namespace Ramet.Testing;

/// <summary>A tmpfs of a given size, to run out of space on. Needs root.</summary>
public sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallFileSystem(long bytes)
    {
        RequiredTool.Demand(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        try
        {
            RequiredTool.Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "ramet-test", _folder.Path);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public void Dispose()
    {
        RequiredTool.Run("umount", Path);
        _folder.Dispose();
    }
}
