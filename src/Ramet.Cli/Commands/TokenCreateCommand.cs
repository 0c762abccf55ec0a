using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet token create</summary>
internal sealed class TokenCreateCommand : RametCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the token, for the audit log" };
    private readonly Option<int?> _expires = new("--expires-in") { HelpName = "DAYS", Description = "Days until it expires (default: never)" };

    public TokenCreateCommand(CliApplication application)
        : base(application, "create", "Make an API token. Its secret is printed this once.")
    {
        Add(_name);
        Add(_expires);
        Example("ramet token create ci --expires-in 90 --quiet > ~/.config/ramet/token");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new TokenRequest(call.Get(_name), call.Get(_expires));
        return call.Show(await call.Client.CreateTokenAsync(request, cancellationToken), RametJson.Default.CreatedToken, token =>
        {
            call.Out.WriteLine(Plain.Text(token.Secret));
            if (call.Quiet)
                return;
            var until = token.ExpiresAt is { } at ? $"It expires at {Units.Time(at, call.Host.Time)}." : "It never expires.";
            call.ErrorScreen.Line($"Keep it: it is not shown again. {until} Use it with RAMET_TOKEN or --token-file.", Look.Faint);
        });
    }
}
