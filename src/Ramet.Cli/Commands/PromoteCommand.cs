using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;

namespace Ramet.Cli.Commands;

/// <summary>ramet promote</summary>
internal sealed class PromoteCommand : RametCommand
{
    private readonly VmArguments _vms;

    public PromoteCommand(CliApplication application)
        : base(application, "promote", "Make linked clones independent: copy what they share, so that their parent can go.")
    {
        _vms = new VmArguments(this, application);
        Example("ramet promote seat-01");
        Example("ramet promote --all-clones-of debian12@v1");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        await OperationFollower.FollowAsync(call, await call.Client.PromoteAsync(_vms.Read(call), cancellationToken), cancellationToken);
}
