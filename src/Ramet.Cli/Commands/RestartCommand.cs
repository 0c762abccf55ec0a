using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;

namespace Ramet.Cli.Commands;

/// <summary>ramet restart</summary>
internal sealed class RestartCommand : RametCommand
{
    private readonly VmArguments _vms;
    private readonly StopOptions _stop;

    public RestartCommand(CliApplication application)
        : base(application, "restart", "Stop VMs and start them again.")
    {
        _vms = new VmArguments(this, application);
        _stop = new StopOptions(this, "Switch off at once");
        Example("ramet restart seat-01");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        await OperationFollower.FollowAsync(call, await call.Client.RestartAsync(_stop.Read(call, _vms), cancellationToken), cancellationToken);
}
