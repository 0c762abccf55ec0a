using System.Diagnostics;

namespace Ramet.Testing;

/// <summary>An external program that a test needs. Missing on a developer's machine it skips the test with a reason; under CI it fails it.</summary>
public static class RequiredTool
{
    /// <summary>xunit.v3 turns any exception whose message starts like this into a skip; so this library needs no reference to it.</summary>
    private const string SkipMark = "$XunitDynamicSkip$";

    /// <summary>Demands a program on the PATH.</summary>
    public static void Demand(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Append("/usr/sbin")
            .Any(folder => File.Exists(Path.Join(folder, program)));
        if (!found)
            Missing($"{program} is not installed");
    }

    /// <summary>Demands a condition of the machine, such as being root.</summary>
    public static void Demand(bool condition, string reason)
    {
        if (!condition)
            Missing(reason);
    }

    /// <summary>Runs a program to its end; fails unless it exits with 0. Returns its standard output.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output, error) = TryRun(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {code}: {error}{output}");
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int ExitCode, string Output, string Error) TryRun(string program, params string[] arguments)
    {
        Demand(program);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = new System.Text.StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.ToString());
    }

    private static void Missing(string reason) =>
        throw new InvalidOperationException(Environment.GetEnvironmentVariable("CI") == "true" ? $"needed under CI: {reason}" : SkipMark + reason);
}
