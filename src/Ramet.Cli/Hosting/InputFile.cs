using Ramet.Client;

namespace Ramet.Cli.Hosting;

/// <summary>Files that the CLI reads itself and sends along, because the server may be elsewhere or may not read them.</summary>
internal static class InputFile
{
    private const int Largest = 1 << 20;

    /// <exception cref="RametApiException">Missing, not readable, or larger than 1 MiB.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > Largest })
                throw RametApiException.Local("invalidArgument", $"{what} in {path} is larger than 1 MiB", path, "is it the right file?");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RametApiException.Local("inputOutput", $"cannot read {what}: {e.Message}", path, null, e);
        }
    }

    /// <summary>OpenSSH public keys, one a line, of any number of files.</summary>
    public static string? ReadSshKeys(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
            return null;
        var keys = new List<string>();
        foreach (var path in paths)
        {
            var text = Read(path, "the SSH key").Trim();
            if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
                throw RametApiException.Local("invalidArgument", $"{path} holds a private key, which must stay where it is", path, $"give the public one: {path}.pub");
            keys.Add(text);
        }

        return string.Join('\n', keys);
    }
}
