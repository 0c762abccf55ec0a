using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet snapshot create</summary>
internal sealed class SnapshotCreateCommand : RametCommand
{
    private readonly VmArgument _vm;
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the snapshot: debian12 v1 makes debian12@v1" };
    private readonly Option<string?> _description = new("--description") { HelpName = "TEXT", Description = "A note about it" };

    public SnapshotCreateCommand(CliApplication application)
        : base(application, "create", "Seal a VM's disks as they are now; a running VM goes on on new ones.")
    {
        _vm = Add(new VmArgument(application));
        Add(_name);
        Add(_description);
        Example("ramet snapshot create debian12 v1");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new SnapshotRequest(call.Get(_name), call.Get(_description));
        return await OperationFollower.FollowAsync(call, await call.Client.CreateSnapshotAsync(call.Get(_vm), request, cancellationToken), cancellationToken);
    }
}
