using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Hypervisor.Connections;
using Ramet.Libvirt;
using GuestAddress = Ramet.Core.Hosts.GuestAddress;

namespace Ramet.Hypervisor;

/// <content>What is asked of the guest itself: addresses, agent (QEMU's docs/interop/qemu-ga-ref), console.</content>
public sealed partial class LibvirtHypervisor
{
    private const int OutputLimitBytes = 1 << 20;

    private static readonly TimeSpan AgentReply = TimeSpan.FromSeconds(5), ExecInterval = TimeSpan.FromMilliseconds(200);

    private static readonly (AddressSource Source, string Name)[] AddressSources =
        [(AddressSource.Agent, "agent"), (AddressSource.Lease, "lease"), (AddressSource.Arp, "arp")];

    /// <inheritdoc/>
    public Task<IReadOnlyList<GuestAddress>> GetAddressesAsync(Guid id, CancellationToken cancellationToken) =>
        OnDomainAsync(Lane.Guest, id, "read the guest's addresses", Addresses, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> PingAgentAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await AskAgentAsync(id, "guest-ping", null, timeout, cancellationToken);
            return true;
        }
        catch (RametException e) when (e.Kind is not (ErrorKind.NotFound or ErrorKind.HostUnavailable))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<GuestCommandResult> RunInGuestAsync(
        Guid id, string path, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            var started = await AskAgentAsync(
                id, "guest-exec",
                new JsonObject { ["path"] = path, ["arg"] = new JsonArray([.. arguments.Select(a => JsonValue.Create(a))]), ["capture-output"] = true },
                AgentReply, either.Token);
            var pid = started!["pid"]!.GetValue<long>();
            while (true)
            {
                // The agent has no event for the end of a program.
                var status = await AskAgentAsync(id, "guest-exec-status", new JsonObject { ["pid"] = pid }, AgentReply, either.Token);
                if (status!["exited"]!.GetValue<bool>())
                    return new GuestCommandResult(ExitCode(status), Output(status, "out-data"), Output(status, "err-data"));
                await Task.Delay(ExecInterval, _time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RametException(ErrorKind.Timeout, $"{path} did not end within {timeout.TotalSeconds:0} s in the guest", "It goes on running there", path);
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenConsoleAsync(Guid id, bool force, CancellationToken cancellationToken) =>
        OnDomainAsync<Stream>(
            Lane.Control, id, "open the console",
            domain =>
            {
                try
                {
                    return domain.OpenConsole(null, force ? ConsoleOptions.Force : ConsoleOptions.None);
                }
                catch (LibvirtException e) when (e.Kind == LibvirtErrorKind.Failed && !force)
                {
                    throw new RametException(
                        ErrorKind.Busy, $"cannot open the console of {domain.Name}: {e.Reason}", "Take it over with --force", domain.Name, inner: e);
                }
            },
            cancellationToken);

    private static IReadOnlyList<GuestAddress> Addresses(Domain domain)
    {
        foreach (var (source, name) in AddressSources)
        {
            try
            {
                var found = domain.GetInterfaceAddresses(source)
                    .Where(i => i.Name != "lo")
                    .SelectMany(i => i.Addresses.Select(a => new GuestAddress(i.Name, i.Mac, a.Address, a.PrefixLength, name)))
                    .ToList();
                if (found.Count > 0)
                    return found;
            }
            catch (LibvirtException e) when (e.Kind is not (LibvirtErrorKind.Disconnected or LibvirtErrorKind.NotFound))
            {
                // This source has nothing to say: no agent, no DHCP on that network, not running.
            }
        }

        return [];
    }

    private async Task<JsonNode?> AskAgentAsync(Guid id, string command, JsonObject? arguments, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
            request["arguments"] = arguments;
        var json = request.ToJsonString();
        var reply = await OnDomainAsync(Lane.Guest, id, $"ask the guest agent ({command})", d => d.SendAgentCommand(json, timeout), cancellationToken);
        try
        {
            return JsonNode.Parse(reply)?["return"];
        }
        catch (JsonException e)
        {
            // What comes from a guest is not to be trusted to be JSON.
            throw new RametException(ErrorKind.GuestAgentUnavailable, $"the guest agent's answer to {command} makes no sense", null, id.ToString(), inner: e);
        }
    }

    /// <summary>A program that a signal killed has the shell's code for it.</summary>
    private static int ExitCode(JsonNode status) =>
        status["exitcode"]?.GetValue<int>() ?? (status["signal"] is { } signal ? 128 + signal.GetValue<int>() : -1);

    private static string Output(JsonNode status, string field)
    {
        var bytes = Convert.FromBase64String(status[field]?.GetValue<string>() ?? "");
        return Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, OutputLimitBytes)));
    }
}
