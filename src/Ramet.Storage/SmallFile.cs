using Ramet.Block;

namespace Ramet.Storage;

/// <summary>Writes a file whole: it is there with its old content or with its new one, and durable on return.</summary>
internal static class SmallFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // One writer at a time is its callers' affair; what a crash left is overwritten.
        var temporary = Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.ramet-tmp");
        File.Delete(temporary);
        try
        {
            using (var file = RawFile.CreateNew(temporary))
            {
                file.Write(0, content);
                file.Flush();
            }

            File.Move(temporary, path, overwrite: true);
            Durability.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
