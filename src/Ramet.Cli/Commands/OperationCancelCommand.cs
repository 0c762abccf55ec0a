using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;

namespace Ramet.Cli.Commands;

/// <summary>ramet operation cancel</summary>
internal sealed class OperationCancelCommand : RametCommand
{
    private readonly OperationArgument _id;

    public OperationCancelCommand(CliApplication application)
        : base(application, "cancel", "Cancel an operation and wait until what it had done is rolled back.")
    {
        _id = Add(new OperationArgument(application));
        Example("ramet operation cancel 0198a1f2-5b7c-7d3e-9f00-1a2b3c4d5e6f");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        await OperationFollower.FollowCancelAsync(call, await call.Client.CancelOperationAsync(call.Get(_id), cancellationToken), cancellationToken);
}
