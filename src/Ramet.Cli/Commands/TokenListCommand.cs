using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet token list</summary>
internal sealed class TokenListCommand : RametCommand
{
    public TokenListCommand(CliApplication application)
        : base(application, "list", "List API tokens, without their secrets.")
    {
        Example("ramet token list");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.ListTokensAsync(cancellationToken), RametJson.Default.IReadOnlyListToken, tokens =>
        {
            var time = call.Host.Time;
            var table = new TableView("Name", "Created", "Expires", "Last used");
            foreach (var t in tokens)
            {
                var expired = t.ExpiresAt <= time.GetUtcNow();
                table.Row(new Cell(t.Name, Look.Strong), Units.Time(t.CreatedAt, time),
                    new Cell(t.ExpiresAt is { } end ? Units.Time(end, time) + (expired ? " (expired)" : "") : "never", expired ? Look.Warning : null),
                    t.LastUsedAt is { } used ? Units.Time(used, time) : "never");
            }

            table.Write(call.Screen, "No tokens. Make one: ramet token create NAME");
        });
}
