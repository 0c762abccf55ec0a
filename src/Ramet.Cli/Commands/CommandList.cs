using Ramet.Cli.Hosting;

namespace Ramet.Cli.Commands;

/// <summary>Every command, in the order in which help lists them.</summary>
internal static class CommandList
{
    public static RametCommand[] All(CliApplication a) =>
    [
        new ImportCommand(a),
        new AdoptCommand(a),
        new CommandGroup(a, "snapshot", "Named points of a VM, which clones are made from.", new SnapshotCreateCommand(a), new SnapshotListCommand(a)),
        new CloneCommand(a),
        new ListCommand(a),
        new ShowCommand(a),
        new StartCommand(a),
        new StopCommand(a),
        new RestartCommand(a),
        new ConsoleCommand(a),
        new IpCommand(a),
        new TreeCommand(a),
        new UsageCommand(a),
        new RefreshCommand(a),
        new PromoteCommand(a),
        new DeleteCommand(a),
        new CommandGroup(a, "operation", "Long-running work.",
            new OperationListCommand(a), new OperationShowCommand(a), new OperationWaitCommand(a), new OperationCancelCommand(a)),
        new CommandGroup(a, "event", "What happens, as it happens.", new EventWatchCommand(a)),
        new CommandGroup(a, "host", "Hypervisors.", new HostListCommand(a)),
        new CommandGroup(a, "datastore", "Places for disks.", new DatastoreListCommand(a), new DatastoreAddCommand(a)),
        new CommandGroup(a, "token", "API tokens, for callers from elsewhere.",
            new TokenCreateCommand(a), new TokenListCommand(a), new TokenRevokeCommand(a)),
        new VersionCommand(a),
        new DoctorCommand(a),
        new CompletionCommand(a),
    ];
}
