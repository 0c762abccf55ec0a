using System.CommandLine;
using System.IO.Enumeration;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet event watch</summary>
internal sealed class EventWatchCommand : RametCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Option<string[]> _kinds = new("--kind")
    {
        HelpName = "KIND",
        Description = "Only events of this kind, such as vm.state, vm or '*.created'; may be repeated",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<Guid?> _operation = new("--operation") { HelpName = "ID", Description = "Only events of this operation" };
    private readonly Option<long?> _since = new("--since") { HelpName = "EVENT-ID", Description = "Begin with what came after this event, as far as the server remembers (0: all of it)" };

    public EventWatchCommand(CliApplication application)
        : base(application, "watch", "Print events as they happen, one a line, until Ctrl-C; with --json one document a line.")
    {
        Add(_kinds);
        Add(_operation);
        Add(_since);
        Example("ramet event watch --kind vm");
        Example("ramet event watch --json | jq -r .object");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var kinds = call.Get(_kinds) ?? [];
        var events = call.Client.WatchEventsAsync(call.Get(_operation), call.Get(_since), Patience,
            away: reason => call.ErrorScreen.Line(reason is null ? "the server is back" : "the server went away; still trying", Look.Warning), cancellationToken);
        await foreach (var e in events)
        {
            if (kinds.Length > 0 && !kinds.Any(k => Matches(k, e.Kind)))
                continue;
            if (call.Json)
                Invocation.WriteJson(call.Out, e, RametJson.Default.Event, indented: false);
            else
                Print(call, e);
            await call.Out.FlushAsync(cancellationToken);
        }

        return ExitCodes.Success;
    }

    // "vm" is every event of VMs, as for the server.
    private static bool Matches(string wanted, string kind) =>
        FileSystemName.MatchesSimpleExpression(wanted, kind, ignoreCase: false) || kind.StartsWith(wanted + ".", StringComparison.Ordinal);

    private static void Print(Invocation call, Event e)
    {
        var screen = call.Screen;
        var data = string.Join(' ', e.Data.Select(d => $"{d.Key}={d.Value}"));
        screen.Writer.WriteLine(
            $"{screen.Paint(Units.Time(e.At, call.Host.Time), Look.Faint)}  {screen.Paint(e.Kind, Look.Strong)}  {Plain.Text(e.Object)}{(data.Length > 0 ? "  " + Plain.Text(data) : "")}");
    }
}
