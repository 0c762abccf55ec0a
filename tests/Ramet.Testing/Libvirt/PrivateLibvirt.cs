using System.Diagnostics;

namespace Ramet.Testing.Libvirt;

/// <summary>
/// A libvirtd of the test's own (eng/libvirt/private), apart from the machine's: real QEMU guests, a NAT network <c>default</c>.
/// Needs root. Starting takes about a second once QEMU's capabilities are cached.
/// </summary>
public sealed class PrivateLibvirt : IAsyncDisposable
{
    private const string Cache = "/var/cache/ramet-tests/libvirt";

    private static readonly string[] Programs = ["libvirtd", "virtlogd", "virsh", "qemu-system-x86_64", "dnsmasq"];

    private readonly string _script;

    private PrivateLibvirt(string script, string folder)
    {
        _script = script;
        Folder = folder;
    }

    /// <summary>Why none can run here; null when one can. To skip on locally, and to fail on in CI.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Short, because unix sockets are in it; holds the daemon's files and is removed with it.</summary>
    public string Folder { get; }

    public string Uri { get; private set; } = "";

    public static async Task<PrivateLibvirt> StartAsync(CancellationToken cancellationToken)
    {
        var libvirt = new PrivateLibvirt(
            Path.Combine(Root(AppContext.BaseDirectory), "eng/libvirt/private"), Directory.CreateTempSubdirectory("ramet-lv-").FullName);
        try
        {
            await libvirt.StartAgainAsync(cancellationToken);
            return libvirt;
        }
        catch
        {
            await libvirt.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the daemon with SIGKILL; guests and networks go on.</summary>
    public Task KillDaemonAsync(CancellationToken cancellationToken) => RunAsync("kill", [], cancellationToken);

    /// <summary>Starts the daemon that was killed.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken) =>
        Uri = (await RunAsync("start", ["--cache", Cache], cancellationToken)).Trim();

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop", [], CancellationToken.None);
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<string> RunAsync(string verb, string[] options, CancellationToken cancellationToken)
    {
        // Into files: the daemons inherit whatever pipe we would read to its end.
        var errors = Path.Combine(Folder, verb + ".stderr");
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", "exec \"$@\" 2>\"$0\"", errors, _script, verb, Folder, .. options])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"eng/libvirt/private {verb}: {await File.ReadAllTextAsync(errors, cancellationToken)}");
        return await output;
    }

    private static string? FindMissing()
    {
        if (!Environment.IsPrivilegedProcess)
            return "a private libvirtd needs root";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").ToList();
        var missing = Programs.Where(p => !folders.Any(f => File.Exists(Path.Combine(f, p)))).ToList();
        return missing.Count == 0
            ? null
            : $"{string.Join(", ", missing)} not found (Debian: apt-get install libvirt-daemon-system libvirt-clients qemu-system-x86 dnsmasq-base)";
    }

    private static string Root(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ramet.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Ramet.slnx not found above " + AppContext.BaseDirectory);
    }
}
