using System.Diagnostics;
using Xunit;

namespace Ramet.Testing;

/// <summary>
/// A libvirtd of the test's own (eng/libvirt/private), apart from the machine's: real QEMU guests, a NAT network <c>default</c>.
/// Needs root. Starting takes about a second once QEMU's capabilities are cached.
/// </summary>
public sealed class PrivateLibvirt : IAsyncLifetime
{
    private const string Cache = "/var/cache/ramet-tests/libvirt";

    /// <summary>Short, because unix sockets are in it; holds the daemon's files and is removed with it.</summary>
    public string Folder { get; private set; } = "";

    public string Uri { get; private set; } = "";

    /// <summary>Skips the test (under CI: fails it) where no private daemon can run.</summary>
    public static void Demand()
    {
        RequiredTool.Demand(Environment.IsPrivilegedProcess, "a private libvirtd needs root");
        foreach (var program in (string[])["libvirtd", "virtlogd", "virsh", "qemu-system-x86_64", "dnsmasq"])
            RequiredTool.Demand(program);
    }

    public async ValueTask InitializeAsync()
    {
        Demand();
        Folder = Directory.CreateTempSubdirectory("ramet-lv-").FullName;
        try
        {
            await StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the daemon, again after <see cref="KillAsync"/>.</summary>
    public async Task StartAsync() => Uri = (await RunAsync("start", "--cache", Cache)).Trim();

    /// <summary>Kills the daemon with SIGKILL; guests and networks go on.</summary>
    public Task KillAsync() => RunAsync("kill");

    public async ValueTask DisposeAsync()
    {
        if (Folder.Length == 0)
            return;
        await RunAsync("stop");
        Directory.Delete(Folder, recursive: true);
        Folder = "";
    }

    private async Task<string> RunAsync(string verb, params string[] options)
    {
        // Errors into a file: the daemons inherit standard error, and a pipe that they hold would never end.
        var script = Path.Combine(Root(AppContext.BaseDirectory), "eng/libvirt/private");
        var errors = Path.Combine(Folder, verb + ".stderr");
        var start = new ProcessStartInfo("/bin/bash", ["-c", "exec \"$@\" 2>\"$0\"", errors, script, verb, Folder, .. options]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"eng/libvirt/private {verb}: {await File.ReadAllTextAsync(errors)}");
    }

    private static string Root(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ramet.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Ramet.slnx not found above " + AppContext.BaseDirectory);
    }
}
