using System.Runtime.CompilerServices;

namespace Ramet.Cli.Tests;

/// <summary>Files that hold what was printed when it was last looked at; RAMET_UPDATE_GOLDEN=1 writes them anew.</summary>
internal static class Golden
{
    public static string RepositoryRoot { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    public static void Check(string name, string actual) => CheckFile(Path.Combine(Here(), "Golden", name), actual);

    public static void CheckFile(string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("RAMET_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{file} is missing: run with RAMET_UPDATE_GOLDEN=1 and look at what it writes");
        Assert.Equal(File.ReadAllText(file), actual);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
