namespace Ramet.Server.Tests.Harness;

/// <summary>The working tree that this test assembly was built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Ramet.slnx.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ramet.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Ramet.slnx not found above " + AppContext.BaseDirectory);
    }
}
