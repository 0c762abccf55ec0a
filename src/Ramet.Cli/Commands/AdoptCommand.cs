using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Operations;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet adopt</summary>
internal sealed class AdoptCommand : RametCommand
{
    private readonly Argument<string> _domain = new("DOMAIN") { Description = "Name or UUID of the VM in libvirt" };
    private readonly Option<string?> _cloudInit = new("--cloud-init") { HelpName = "yes|no|auto", Description = "Whether the guest has cloud-init (default auto)" };

    public AdoptCommand(CliApplication application)
        : base(application, "adopt", "Take a VM that libvirt already has under management; its disks stay where they are.")
    {
        Add(_domain);
        Add(_cloudInit).AcceptOnlyFromAmong("yes", "no", "auto");
        Example("ramet adopt build-server");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new AdoptRequest(call.Get(_domain), call.Get(_cloudInit));
        return await OperationFollower.FollowAsync(call, await call.Client.AdoptAsync(request, cancellationToken), cancellationToken);
    }
}
