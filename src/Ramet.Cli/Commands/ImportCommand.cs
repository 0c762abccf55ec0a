using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet import</summary>
internal sealed class ImportCommand : RametCommand
{
    private readonly Argument<string> _source = new("FILE|URL") { Description = "Disk image on the server's machine, or an http(s) address" };
    private readonly Option<string> _name = new("--name", "-n") { HelpName = "NAME", Description = "Name of the new VM", Required = true };
    private readonly Option<string?> _sha256 = new("--sha256") { HelpName = "HEX", Description = "Checksum of the image, verified before it becomes a VM" };
    private readonly Option<string?> _format = new("--format") { HelpName = "qcow2|raw", Description = "The image's format; never guessed from its content alone" };
    private readonly Option<string?> _firmware = new("--firmware") { HelpName = "bios|uefi", Description = "How the guest boots (default bios)" };
    private readonly Option<string?> _cloudInit = new("--cloud-init") { HelpName = "yes|no|auto", Description = "Whether the guest has cloud-init, which gives clones an identity of their own (default auto)" };
    private readonly MachineOptions _machine;

    public ImportCommand(CliApplication application)
        : base(application, "import", "Make a VM of a disk image.")
    {
        Add(_source);
        Add(_name);
        Add(_sha256);
        Add(_format).AcceptOnlyFromAmong("qcow2", "raw");
        Add(_firmware).AcceptOnlyFromAmong("bios", "uefi");
        Add(_cloudInit).AcceptOnlyFromAmong("yes", "no", "auto");
        _machine = new MachineOptions(this, application);
        Example("ramet import debian12.qcow2 --name debian12");
        Example("ramet import https://example.org/debian12.raw --name debian12 --format raw --sha256 9f86d081884c7d65…");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new ImportRequest(
            Locate(call.Get(_source), call.Host.WorkingFolder), call.Get(_name)!, call.Get(_sha256), call.Get(_format), _machine.Datastore(call),
            _machine.Cpus(call), _machine.MemoryMiB(call), _machine.Network(call), call.Get(_firmware), call.Get(_cloudInit),
            _machine.UserData(call), _machine.SshKeys(call), _machine.Description(call), _machine.Start(call));
        return await OperationFollower.FollowAsync(call, await call.Client.ImportAsync(request, cancellationToken), cancellationToken);
    }

    // The server has another working folder.
    private static string Locate(string source, string folder) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? source
            : Path.GetFullPath(source, folder);
}
