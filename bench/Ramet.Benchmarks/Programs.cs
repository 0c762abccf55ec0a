using System.Diagnostics;

namespace Ramet.Benchmarks;

/// <summary>Other people's programs.</summary>
internal static class Programs
{
    /// <summary>Runs a program and requires that it succeeds.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed");
    }

    /// <summary>Bytes that a file takes on disk (st_blocks).</summary>
    public static async Task<long> AllocatedAsync(string path) =>
        long.Parse(await RunAsync("stat", "-c", "%b", path)) * 512;
}
