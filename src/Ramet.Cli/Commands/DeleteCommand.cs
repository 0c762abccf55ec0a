using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;
using Ramet.Cli.Views;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet delete</summary>
internal sealed class DeleteCommand : RametCommand
{
    private readonly VmArguments _vms;
    private readonly Flag _promoteClones = new("--promote-clones") { Description = "Make the clones that stand on it independent first" };
    private readonly Flag _withClones = new("--with-clones") { Description = "Delete the clones that stand on it too" };
    private readonly Flag _force = new("--force", "-f") { Description = "Also VMs that run: they are switched off" };
    private readonly Flag _yes = new("--yes", "-y") { Description = "Do not ask; nothing is asked either when the input or output is no terminal" };

    public DeleteCommand(CliApplication application)
        : base(application, "delete", "Delete VMs with their snapshots and disks. What something depends on is not deleted.")
    {
        Aliases.Add("rm");
        _vms = new VmArguments(this, application);
        Add(_promoteClones);
        Add(_withClones);
        Add(_force);
        Add(_yes);
        Validators.Add(result =>
        {
            if (result.GetValue(_promoteClones) && result.GetValue(_withClones))
                result.AddError("Either --promote-clones or --with-clones, not both");
        });
        Example("ramet delete 'seat-*' --force");
        Example("ramet delete debian12 --promote-clones");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new DeleteRequest(
            _vms.Names(call), _vms.AllClonesOf(call), call.Get(_promoteClones), call.Get(_withClones), call.Get(_force));
        if (MayAsk(call) && !await ConfirmAsync(call, request, cancellationToken))
            throw RametApiException.Local("cancelled", "nothing was deleted");
        return await OperationFollower.FollowAsync(call, await call.Client.DeleteAsync(request, cancellationToken), cancellationToken);
    }

    private bool MayAsk(Invocation call) =>
        !call.Get(_yes) && !call.Json && call.Host is { InIsTerminal: true, ErrorIsTerminal: true };

    /// <summary>Shows what would happen and asks. What the server is going to refuse needs no question.</summary>
    private static async Task<bool> ConfirmAsync(Invocation call, DeleteRequest request, CancellationToken cancellationToken)
    {
        var preview = await call.Client.PreviewDeleteAsync(request, cancellationToken);
        if (preview.Targets.Count == 0 || (preview.Dependents.Count > 0 && !request.PromoteClones && !request.WithClones))
            return true;

        var screen = call.ErrorScreen;
        var card = new CardView().Field("VMs", Some(preview.Targets)).Field("Snapshots", Some(preview.Snapshots));
        if (preview.Dependents.Count > 0)
        {
            card.Field(request.WithClones ? "Also deleted" : "Made independent", Some(preview.Dependents));
            if (request.PromoteClones)
                card.Field("Written for that", Units.Bytes(preview.PromoteBytes));
        }

        card.Field("Freed", Units.Bytes(preview.FreedBytes)).Write(screen);
        var count = preview.Targets.Count + (request.WithClones ? preview.Dependents.Count : 0);
        screen.Writer.Write(screen.Paint($"Delete {(count == 1 ? "this VM" : $"these {count} VMs")} for good? [y/N] ", Look.Warning));
        await screen.Writer.FlushAsync(cancellationToken);

        var answer = await call.Host.In().ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private static string Some(IReadOnlyList<string> names) =>
        names.Count <= 10 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(9))} and {names.Count - 9} more";
}
