using System.Diagnostics;
using System.Runtime.InteropServices;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Testing.Live;

/// <summary>The real ramet-server as eng/build left it, on a state folder and a unix socket of its own; it can be killed and started again.</summary>
public sealed partial class RametServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private readonly string _libvirt;
    private Process? _process;

    /// <param name="folder">Holds state/, ramet.sock and server.log.</param>
    /// <param name="libvirt">Connection URI.</param>
    public RametServer(string folder, string libvirt)
    {
        (Folder, _libvirt) = (folder, libvirt);
        Directory.CreateDirectory(folder);
        Client = new RametClient(new RametEndpoint { Socket = Socket });
    }

    public string Folder { get; }

    public string Socket => Path.Combine(Folder, "ramet.sock");

    public string State => Path.Combine(Folder, "state");

    public string Layers => Path.Combine(State, "datastores/default/layers");

    public string Seeds => Path.Combine(State, "datastores/default/seeds");

    public RametClient Client { get; }

    /// <summary>Starts the server and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" >> \"$LOG\" 2>&1");
        foreach (var argument in (string[])[LiveTools.Server, "--state", State, "--socket", Socket, "--no-https", "--libvirt", _libvirt])
            start.ArgumentList.Add(argument);
        start.Environment["LOG"] = Path.Combine(Folder, "server.log");
        _process = Process.Start(start)!;

        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await Client.GetVersionAsync();
                return;
            }
            catch (RametApiException e) when (e.Kind == RametApiException.ServerUnreachable)
            {
                if (_process.HasExited || TimeProvider.System.GetElapsedTime(began) > StartTime)
                    throw new InvalidOperationException($"the server did not come up; its log ends:\n{LogTail()}", e);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>SIGKILL, as the kernel's out-of-memory killer would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as systemd stops it.</summary>
    public async Task StopAsync()
    {
        if (_process is null || _process.HasExited)
            return;
        _ = SendSignal(_process.Id, 15);
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for an operation and requires that it succeeds.</summary>
    public async Task<Operation> SucceedAsync(Task<Operation> begun)
    {
        var operation = await EndAsync(begun);
        return operation.State == "succeeded" ? operation
            : throw new InvalidOperationException($"{operation.Title}: {operation.State}: {operation.Error?.Title} {operation.Error?.Remedy}\n{LogTail()}");
    }

    /// <summary>Waits for an operation, however it ends.</summary>
    public async Task<Operation> EndAsync(Task<Operation> begun)
    {
        var operation = await begun;
        while (!operation.Finished)
            operation = await Client.GetOperationAsync(operation.Id, 30);
        return operation;
    }

    public string LogTail()
    {
        var log = Path.Combine(Folder, "server.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(40)) : "(no log)";
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        Client.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
