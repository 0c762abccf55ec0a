using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;

namespace Ramet.Cli.Commands;

/// <summary>ramet start</summary>
internal sealed class StartCommand : RametCommand
{
    private readonly VmArguments _vms;

    public StartCommand(CliApplication application)
        : base(application, "start", "Start VMs.")
    {
        _vms = new VmArguments(this, application);
        Example("ramet start seat-01 seat-02");
        Example("ramet start 'seat-*'");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        await OperationFollower.FollowAsync(call, await call.Client.StartAsync(_vms.Read(call), cancellationToken), cancellationToken);
}
