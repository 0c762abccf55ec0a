using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;

namespace Ramet.Cli.Commands;

/// <summary>ramet refresh</summary>
internal sealed class RefreshCommand : RametCommand
{
    private readonly VmArguments _vms;
    private readonly StopOptions _stop;

    public RefreshCommand(CliApplication application)
        : base(application, "refresh", "Throw away what linked clones have changed: back to the snapshot that they were cloned from.")
    {
        _vms = new VmArguments(this, application);
        _stop = new StopOptions(this, "Also VMs that run: they are switched off first");
        Example("ramet refresh 'seat-*' --force");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        await OperationFollower.FollowAsync(call, await call.Client.RefreshAsync(_stop.Read(call, _vms), cancellationToken), cancellationToken);
}
