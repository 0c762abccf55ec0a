using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;

namespace Ramet.Cli.Commands;

/// <summary>ramet stop</summary>
internal sealed class StopCommand : RametCommand
{
    private readonly VmArguments _vms;
    private readonly StopOptions _stop;

    public StopCommand(CliApplication application)
        : base(application, "stop", "Stop VMs: by the guest agent, then ACPI, and when the grace time is over by switching off.")
    {
        _vms = new VmArguments(this, application);
        _stop = new StopOptions(this, "Switch off at once");
        Example("ramet stop 'seat-*' --grace 30");
        Example("ramet stop seat-07 --force");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        await OperationFollower.FollowAsync(call, await call.Client.StopAsync(_stop.Read(call, _vms), cancellationToken), cancellationToken);
}
