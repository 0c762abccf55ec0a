namespace Ramet.Block;

/// <summary>
/// A new file that gets its name only when it is whole and durable: written under a temporary name beside it, synced, renamed without
/// replacing anything. Disposing it before <see cref="Publish"/> removes it.
/// </summary>
/// <remarks>After a crash, files whose name <see cref="IsTemporary"/> recognises belong to nobody and can be removed.</remarks>
public sealed class TemporaryFile : IDisposable
{
    private const string Suffix = ".ramet-tmp";
    private readonly string _temporaryPath;
    private bool _published;

    private TemporaryFile(string path, string temporaryPath, RawFile file)
    {
        FinalPath = path;
        _temporaryPath = temporaryPath;
        File = file;
    }

    /// <summary>The name the file will have.</summary>
    public string FinalPath { get; }

    /// <summary>The content.</summary>
    public RawFile File { get; }

    /// <summary>Creates the temporary file; fails early when the final name is taken.</summary>
    public static TemporaryFile Create(string path)
    {
        path = Path.GetFullPath(path);
        if (Path.Exists(path))
            throw new BlockException(BlockErrorKind.AlreadyExists, "create", path, "the name is taken");
        var temporary = NameFor(path, Guid.NewGuid());
        return new TemporaryFile(path, temporary, RawFile.CreateNew(temporary));
    }

    /// <summary>The temporary name beside <paramref name="path"/> for a writer with this id.</summary>
    public static string NameFor(string path, Guid writer) =>
        Path.Join(Path.GetDirectoryName(path), $".{writer:N}{Suffix}");

    /// <summary>Whether a file name is one of an unfinished new file.</summary>
    public static bool IsTemporary(string fileName) =>
        fileName.StartsWith('.') && fileName.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Makes the content durable, gives it its name, makes the name durable.</summary>
    public void Publish()
    {
        File.Flush();
        Durability.RenameNew(_temporaryPath, FinalPath);
        _published = true;
        try
        {
            Durability.SyncFolder(Path.GetDirectoryName(FinalPath)!);
        }
        catch
        {
            // The name may or may not survive a crash; the caller is told it failed, so it must not be there.
            System.IO.File.Delete(FinalPath);
            throw;
        }
    }

    public void Dispose()
    {
        File.Dispose();
        if (!_published)
            System.IO.File.Delete(_temporaryPath);
    }
}
