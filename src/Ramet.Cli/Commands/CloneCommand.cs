using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet clone</summary>
internal sealed class CloneCommand : RametCommand
{
    private readonly Argument<string> _source = new("SOURCE") { Description = "A snapshot (debian12@v1), or a VM (its newest snapshot, or one made now)" };
    private readonly Option<string> _name = new("--name", "-n")
    {
        HelpName = "NAME",
        Description = "Name of the clone, or a pattern in quotes: 'seat-{01..10}', '{a,b}-vm'",
        Required = true,
    };
    private readonly Flag _full = new("--full") { Description = "Independent copies instead of linked clones" };
    private readonly MachineOptions _machine;

    public CloneCommand(CliApplication application)
        : base(application, "clone", "Make linked clones of a snapshot: in milliseconds, holding only what they change.")
    {
        _source.CompletionSources.Add(new Candidates(application).Sources);
        Add(_source);
        Add(_name);
        Add(_full);
        _machine = new MachineOptions(this, application);
        Example("ramet clone debian12@v1 --name 'seat-{01..10}' --start");
        Example("ramet clone debian12 --name build --cpu 4 --memory 2G --ssh-key ~/.ssh/id_ed25519.pub");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new CloneRequest(
            call.Get(_source), call.Get(_name)!, _machine.Start(call), _machine.Cpus(call), _machine.MemoryMiB(call), call.Get(_full),
            _machine.Datastore(call), _machine.Network(call), _machine.UserData(call), _machine.SshKeys(call), _machine.Description(call));
        return await OperationFollower.FollowAsync(call, await call.Client.CloneAsync(request, cancellationToken), cancellationToken);
    }
}
