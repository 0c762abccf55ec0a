using System.IO.Pipelines;
using Ramet.Cli.Hosting;
using Ramet.Testing;

namespace Ramet.Cli.Tests;

/// <summary>What a run of the CLI left behind.</summary>
internal sealed record Outcome(int Code, string Out, string Error);

/// <summary>Runs the CLI in this process, on pipes or on a pretended terminal of 120 columns.</summary>
internal sealed class Cli(ScriptedServer? server) : IDisposable
{
    private readonly Dictionary<string, string> _environment = [];

    public Interrupts Interrupts { get; } = new(() => { });

    public bool Terminal { get; init; }

    public string Typed { get; init; } = "";

    public StringWriter Error { get; } = new();

    public StringWriter Out { get; } = new();

    public Pipe Input { get; } = new();

    public Pipe Output { get; } = new();

    public Cli With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    public static async Task<Outcome> RunAsync(ScriptedServer? server, params string[] arguments)
    {
        using var cli = new Cli(server);
        return await cli.RunAsync(arguments);
    }

    public async Task<Outcome> RunAsync(params string[] arguments)
    {
        _environment.TryAdd("RAMET_SOCKET", server?.Socket ?? "/nonexistent/ramet.sock");
        var host = new CliHost
        {
            Out = TextWriter.Synchronized(Out),
            Error = TextWriter.Synchronized(Error),
            In = () => new StringReader(Typed),
            InStream = () => Input.Reader.AsStream(),
            OutStream = () => Output.Writer.AsStream(leaveOpen: true),
            InIsTerminal = Terminal,
            OutIsTerminal = Terminal,
            ErrorIsTerminal = Terminal,
            Width = () => 120,
            Environment = name => _environment.GetValueOrDefault(name),
            WorkingFolder = "/work-here",
            Time = new UtcTime(),
            Interrupts = Interrupts,
        };
        var code = await CommandLineInterface.RunAsync(arguments, host).WaitAsync(TimeSpan.FromSeconds(60));
        return new Outcome(code, Out.ToString(), Error.ToString());
    }

    public void Dispose() => Interrupts.Dispose();

    private sealed class UtcTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
