using System.Text;
using System.Text.Json;

namespace Ramet.Testing.Live;

/// <summary>What happens inside a guest, seen through its agent by virsh: not by Ramet's own eyes.</summary>
public sealed class Guest(string libvirt, string name)
{
    /// <summary>Emulated guests on a busy machine take their time.</summary>
    private static readonly TimeSpan BootTime = TimeSpan.FromMinutes(6);

    public string Name => name;

    /// <summary>Waits until the guest has booted and cloud-init is through.</summary>
    public async Task WaitUntilBootedAsync()
    {
        await LiveTools.EventuallyAsync($"the agent of {name}", BootTime, async () =>
            (await LiveTools.TryRunAsync("virsh", "-q", "-c", libvirt, "qemu-agent-command", name, """{"execute":"guest-ping"}""")).ExitCode == 0 ? name : null);
        await LiveTools.EventuallyAsync($"cloud-init in {name}", BootTime, async () =>
            (await TryShellAsync("cat /run/cloud-init/result.json")) is { } result && result.Contains("datasource", StringComparison.Ordinal) ? result : null);
    }

    /// <summary>Runs a shell command in the guest as root.</summary>
    public async Task<string> ShellAsync(string command) =>
        await TryShellAsync(command) ?? throw new InvalidOperationException($"'{command}' failed in {name}");

    /// <summary>Output of a shell command in the guest; null when it failed or nobody answered.</summary>
    public async Task<string?> TryShellAsync(string command)
    {
        var started = await AskAsync($$$"""{"execute":"guest-exec","arguments":{"path":"/bin/sh","arg":["-c",{{{JsonSerializer.Serialize(command)}}}],"capture-output":true}}""");
        if (started is not { } process)
            return null;
        var pid = process.GetProperty("pid").GetInt32();
        var ended = await LiveTools.EventuallyAsync($"'{command}' in {name}", TimeSpan.FromMinutes(2), async () =>
            await AskAsync($$$"""{"execute":"guest-exec-status","arguments":{"pid":{{{pid}}}}}""") is { } status && status.GetProperty("exited").GetBoolean() ? new Box(status) : null);
        if (ended.Value.GetProperty("exitcode").GetInt32() != 0)
            return null;
        return ended.Value.TryGetProperty("out-data", out var data) ? Encoding.UTF8.GetString(data.GetBytesFromBase64()).TrimEnd() : "";
    }

    private async Task<JsonElement?> AskAsync(string command)
    {
        var (code, output, _) = await LiveTools.TryRunAsync("virsh", "-q", "-c", libvirt, "qemu-agent-command", name, command);
        return code == 0 ? JsonDocument.Parse(output).RootElement.GetProperty("return") : null;
    }

    private sealed record Box(JsonElement Value);
}
