using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Ramet.Contracts;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

/// <summary>The program itself, as a user or systemd starts it.</summary>
public sealed partial class ProcessTests : IDisposable
{
    private const int SIGTERM = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = TestServer.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Help_names_every_option()
    {
        var (status, output, _) = await RunAsync("--help");

        Assert.Equal(0, status);
        foreach (var option in new[] { "--state DIR", "--socket PATH", "--listen ADDR:PORT", "--no-https", "--libvirt URI", "--group NAME", "--log-level LEVEL", "--config FILE" })
            Assert.Contains(option.Split(' ')[0], output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_the_products()
    {
        var (status, output, _) = await RunAsync("--version");

        Assert.Equal(0, status);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }

    [Fact]
    public async Task A_wrong_option_is_one_line_and_status_2()
    {
        var (status, _, error) = await RunAsync("--state", "here");

        Assert.Equal(2, status);
        Assert.Equal("ramet-server: --state is not an absolute path: 'here'", error.Trim());
    }

    [Fact]
    public async Task Systemd_is_told_and_sigterm_ends_it_in_peace()
    {
        var notify = Path.Combine(_folder, "notify.sock");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(notify));
        var socket = Path.Combine(_folder, "ramet.sock");
        using var process = Start(
            new() { ["NOTIFY_SOCKET"] = notify }, "--state", Path.Combine(_folder, "state"), "--socket", socket, "--no-https",
            "--libvirt", "qemu+unix:///system?socket=" + Path.Combine(_folder, "no-libvirt"));

        Assert.Equal("READY=1", await ReceiveAsync(systemd));
        using (var client = TestServer.OverSocket(socket))
        {
            var host = Assert.Single(await client.GetAsync(Routes.Hosts).ContinueWithJson<IReadOnlyList<Host>>());
            Assert.False(host.Connected);
        }

        Assert.Equal(0, Kill(process.Id, SIGTERM));
        Assert.Equal("STOPPING=1", await ReceiveAsync(systemd));
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, process.ExitCode);
        Assert.False(File.Exists(socket));
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[100];
        var length = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static async Task<(int Status, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start([], arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    private static Process Start(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ramet-server"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("RAMET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
