using System.CommandLine;
using System.Net;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet ip</summary>
internal sealed class IpCommand : RametCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly VmArgument _vm;
    private readonly Option<int> _wait = new("--wait") { HelpName = "SECONDS", Description = "Wait this long for the guest to have an address" };
    private readonly Flag _all = new("--all", "-a") { Description = "Also loopback and link-local addresses, with interface, MAC and source" };

    public IpCommand(CliApplication application)
        : base(application, "ip", "Print the addresses of a VM, one a line.")
    {
        _vm = Add(new VmArgument(application));
        Add(_wait);
        Add(_all);
        Example("ramet ip seat-01");
        Example("ssh debian@$(ramet ip seat-01 --wait 60 | head -n 1)");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var vm = call.Get(_vm);
        var time = call.Host.Time;
        var began = time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(call.Get(_wait));
        IReadOnlyList<Address> found;
        while (!(found = await call.Client.ListAddressesAsync(vm, cancellationToken)).Any(IsReachable) && time.GetElapsedTime(began) < patience)
            await Task.Delay(BetweenLooks, time, cancellationToken);

        if (!found.Any(IsReachable) && !call.Get(_all))
        {
            throw patience > TimeSpan.Zero
                ? RametApiException.Local("timeout", $"{vm} had no address after {call.Get(_wait)} s", vm, $"look at its console: ramet console {vm}")
                : RametApiException.Local("notFound", $"{vm} has no address", vm, $"does it run, and has it booted? wait for it with: ramet ip {vm} --wait 60");
        }

        return call.Show(found, RametJson.Default.IReadOnlyListAddress, addresses => Print(call, addresses));
    }

    private void Print(Invocation call, IReadOnlyList<Address> addresses)
    {
        if (!call.Get(_all))
        {
            foreach (var ip in addresses.Where(IsReachable).Select(a => a.Ip).Distinct())
                call.Out.WriteLine(Plain.Text(ip));
            return;
        }

        var table = new TableView("Interface", "Address", "MAC", "Source");
        foreach (var a in addresses)
            table.Row(a.Interface, $"{a.Ip}/{a.PrefixLength}", a.Mac, a.Source);
        table.Write(call.Screen, "No addresses.");
    }

    private static bool IsReachable(Address address) =>
        IPAddress.TryParse(address.Ip, out var ip) && !IPAddress.IsLoopback(ip) && !ip.IsIPv6LinkLocal
        && !(ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && ip.GetAddressBytes() is [169, 254, ..]);
}
