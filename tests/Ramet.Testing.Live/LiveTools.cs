using System.Diagnostics;

namespace Ramet.Testing.Live;

/// <summary>The built programs and the tools that judge them.</summary>
public static class LiveTools
{
    /// <summary>The folder that holds Ramet.slnx.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Server => Built("ramet-server");

    public static string Cli => Built("ramet");

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it printed.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output, error) = await TryRunAsync(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {code}\n{output}\n{error}");
    }

    public static async Task<(int ExitCode, string Output, string Error)> TryRunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Asks again and again until the answer is there.</summary>
    /// <exception cref="TimeoutException">With the last answer.</exception>
    public static async Task<T> EventuallyAsync<T>(string what, TimeSpan patience, Func<Task<T?>> ask)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            if (TimeProvider.System.GetElapsedTime(began) > patience)
                throw new TimeoutException($"{what}: not within {patience.TotalSeconds:0} s");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    private static string Built(string name)
    {
        var path = Path.Combine(Root, "artifacts/bin", name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: run eng/build first");
    }

    private static string FindRoot(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ramet.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Ramet.slnx not found above " + AppContext.BaseDirectory);
    }
}
