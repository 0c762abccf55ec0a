using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;

namespace Ramet.Cli.Commands;

/// <summary>ramet token revoke</summary>
internal sealed class TokenRevokeCommand : RametCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the token" };

    public TokenRevokeCommand(CliApplication application)
        : base(application, "revoke", "Revoke an API token, at once and for good.")
    {
        _name.CompletionSources.Add(new Candidates(application).Tokens);
        Add(_name);
        Example("ramet token revoke ci");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        await call.Client.RevokeTokenAsync(call.Get(_name), cancellationToken);
        if (!call.Quiet && !call.Json)
            call.Screen.Line("revoked:", Look.Good, call.Get(_name));
        return ExitCodes.Success;
    }
}
