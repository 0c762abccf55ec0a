using System.CommandLine;
using Ramet.Cli.Hosting;

namespace Ramet.Cli.Views;

/// <summary>Help of a command: usage, arguments, options and examples. Options that every command takes are listed once, by the root.</summary>
internal static class HelpWriter
{
    public const string Executable = "ramet";

    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : Executable;

    public static void Write(Command command, GlobalOptions globals, TextWriter to)
    {
        var isRoot = command is RootCommand;
        var options = command.Options.Where(o => !o.Hidden && !globals.All.Contains(o)).ToList();
        var commands = command.Subcommands.Where(c => !c.Hidden).ToList();

        to.WriteLine(command.Description);
        to.WriteLine();
        to.WriteLine("Usage:");
        to.WriteLine("  " + UsageOf(command, options, commands));
        Section(to, "Arguments", command.Arguments.Select(a => (a.Name, a.Description)));
        Section(to, "Commands", commands.Select(c => (c.Name, c.Description)));
        Section(to, isRoot ? "Options" : $"Options (and those of every command: see {Executable} --help)", options.Select(o => (Label(o), Describe(o))));
        if (isRoot)
            Section(to, "Options of every command", globals.All.Select(o => (Label(o), Describe(o))));

        to.WriteLine();
        to.WriteLine(isRoot || commands.Count > 0 || command is RametCommand { Examples.Count: > 1 } ? "Examples:" : "Example:");
        foreach (var example in command is RametCommand known ? known.Examples : RootExamples)
            to.WriteLine("  " + example);
        to.WriteLine();
        if (commands.Count > 0)
            to.WriteLine($"More about a command: {PathOf(command)} COMMAND --help");
    }

    private static IReadOnlyList<string> RootExamples =>
    [
        "ramet import debian12.qcow2 --name debian12",
        "ramet clone debian12 --name 'seat-{01..10}' --start",
        "ramet list",
    ];

    private static string UsageOf(Command command, List<Option> options, List<Command> commands)
    {
        var parts = new List<string> { PathOf(command) };
        if (commands.Count > 0)
            parts.Add("COMMAND");
        parts.AddRange(command.Arguments.Select(a => (a.Arity.MinimumNumberOfValues, a.Arity.MaximumNumberOfValues) switch
        {
            (0, > 1) => $"[{a.Name}...]",
            (_, > 1) => $"{a.Name}...",
            (0, _) => $"[{a.Name}]",
            _ => a.Name,
        }));
        parts.AddRange(options.Where(o => o.Required).Select(o => o.Name + Value(o)));
        if (options.Any(o => !o.Required))
            parts.Add("[OPTIONS]");
        return string.Join(' ', parts);
    }

    private static string Label(Option option)
    {
        var names = option.Aliases.Where(a => a.Length == 2).Append(option.Name);
        return string.Join(", ", names) + Value(option);
    }

    private static string Value(Option option) =>
        option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? "" : " " + option.HelpName;

    private static string? Describe(Option option) => option.Required ? option.Description + " (required)" : option.Description;

    private static void Section(TextWriter to, string title, IEnumerable<(string Label, string? Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        var width = all.Max(r => r.Label.Length) + 2;
        to.WriteLine();
        to.WriteLine(title + ":");
        foreach (var (label, text) in all)
            to.WriteLine($"  {label.PadRight(width)}{text}".TrimEnd());
    }
}
