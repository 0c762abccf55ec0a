using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;

namespace Ramet.Cli.Commands;

/// <summary>ramet operation wait</summary>
internal sealed class OperationWaitCommand : RametCommand
{
    private readonly OperationArgument _id;

    public OperationWaitCommand(CliApplication application)
        : base(application, "wait", "Wait until an operation has finished; the exit code is that of the command that began it.")
    {
        _id = Add(new OperationArgument(application));
        Example("ramet operation wait $(ramet start 'seat-*' --no-wait)");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        await OperationFollower.FollowAsync(call, await call.Client.GetOperationAsync(call.Get(_id), 0, cancellationToken), cancellationToken);
}
