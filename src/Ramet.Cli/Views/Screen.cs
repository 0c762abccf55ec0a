using Ramet.Cli.Hosting;
using Spectre.Console;

namespace Ramet.Cli.Views;

/// <summary>How a piece of text looks: SGR parameters (ECMA-48, 8.3.117) and the same for Spectre.</summary>
internal sealed record Look(string Sgr, Style Style)
{
    public static Look Error { get; } = new("1;31", new Style(Color.Red, decoration: Decoration.Bold));
    public static Look Warning { get; } = new("33", new Style(Color.Olive));
    public static Look Good { get; } = new("32", new Style(Color.Green));
    public static Look Bad { get; } = new("31", new Style(Color.Maroon));
    public static Look Faint { get; } = new("2", new Style(decoration: Decoration.Dim));
    public static Look Strong { get; } = new("1", new Style(decoration: Decoration.Bold));

    /// <summary>By the state of a VM, an operation or a layer.</summary>
    public static Look? OfState(string? state) => state switch
    {
        "running" or "succeeded" or "ready" or "done" => Good,
        "crashed" or "failed" or "error" => Bad,
        "paused" or "stopping" or "creating" or "deleting" or "rollingBack" or "suspended" or "unknown" or "warning" or "pending" => Warning,
        "stopped" or "cancelled" or "undone" => Faint,
        _ => null,
    };
}

/// <summary>Standard output or standard error: a terminal, or a pipe, where lines have any length and no colour.</summary>
internal sealed class Screen(TextWriter writer, bool isTerminal, bool colors, Func<int> width)
{
    private IAnsiConsole? _spectre;
    private IAnsiConsole? _live;

    public TextWriter Writer { get; } = writer;

    public bool IsTerminal { get; } = isTerminal;

    /// <summary>For tables and trees.</summary>
    public IAnsiConsole Spectre => _spectre ??= Open(escapes: colors);

    /// <summary>For what is drawn over and over; on a terminal only, where the cursor moves even without colours.</summary>
    public IAnsiConsole Live => _live ??= Open(escapes: IsTerminal);

    public static Screen Of(TextWriter writer, bool isTerminal, bool noColor, CliHost host)
    {
        var dumb = host.Environment("TERM") is "dumb";
        // https://no-color.org: set to anything but the empty string.
        var colors = isTerminal && !dumb && !noColor && string.IsNullOrEmpty(host.Environment("NO_COLOR"));
        return new Screen(writer, isTerminal && !dumb, colors, host.Width);
    }

    private IAnsiConsole Open(bool escapes) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = escapes ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        Out = new Output(Writer, IsTerminal, width),
        // Which CI this runs in changes nothing.
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
    });

    public string Paint(string text, Look? look) =>
        look is null || !colors ? Plain.Text(text) : $"\e[{look.Sgr}m{Plain.Text(text)}\e[0m";

    public void Line(string text, Look? look = null) => Writer.WriteLine(Paint(text, look));

    /// <summary>"label: text", with only the label painted.</summary>
    public void Line(string label, Look look, string text) => Writer.WriteLine($"{Paint(label, look)} {Plain.Text(text)}");

    private sealed class Output(TextWriter writer, bool isTerminal, Func<int> width) : IAnsiConsoleOutput
    {
        // Into a pipe nothing is wrapped or cut: whoever reads it wants whole lines.
        private const int Unlimited = 100_000;

        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => isTerminal && width() is > 0 and var columns ? columns : Unlimited;

        public int Height => 24;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
