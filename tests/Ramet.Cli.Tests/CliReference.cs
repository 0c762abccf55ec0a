using System.CommandLine;
using System.Text;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;

namespace Ramet.Cli.Tests;

/// <summary>docs/cli.md, written from the command tree.</summary>
internal static class CliReference
{
    public static string Render(CliApplication application, RootCommand root)
    {
        var page = new StringBuilder("""
            # The command line

            Every command of `ramet`, as its `--help` prints it. Written from the commands themselves: after a change of theirs run the tests of
            Ramet.Cli with `RAMET_UPDATE_GOLDEN=1`.

            - `VM...` takes names, patterns in quotes (`'seat-*'`, `'seat-0?'`) and `--all-clones-of debian12@v1`; they add up.
            - A command that changes something waits for its operation: with a bar on a terminal, with plain lines on standard error in a pipe.
              Ctrl-C asks the server to cancel and waits until what was done is rolled back; Ctrl-C again leaves at once, and the operation goes on.
              `--no-wait` prints the operation's id at once; `ramet operation wait ID` waits for it later.
            - `--json` prints the API's documents and nothing else: the result on standard output, a problem on standard error.
            - Tables in a pipe have no colours and no borders, are never wrapped or cut, have at least two spaces between columns and `-` for nothing.
            - `source <(ramet completion bash)` in `~/.bashrc` completes commands, options, and the names that the server knows (asked for one second
              at most; RAMET_COMPLETION_TIMEOUT sets other seconds).


            """);
        page.Append("## ramet\n\n").Append(Help(root, application));
        foreach (var command in HelpTests.Descendants(root).Where(c => !c.Hidden))
            page.Append($"\n## {HelpWriter.PathOf(command)}\n\n").Append(Help(command, application));

        page.Append("\n## Exit codes\n\nThe kind is the `kind` of the problem document that `--json` prints.\n\n| code | kind | meaning |\n| ---: | --- | --- |\n");
        foreach (var (code, kind, meaning) in ExitCodes.Table)
            page.Append($"| {code} | {(kind.Length > 0 ? $"`{kind}`" : "")} | {meaning} |\n");
        return page.ToString();
    }

    private static string Help(Command command, CliApplication application)
    {
        using var text = new StringWriter { NewLine = "\n" };
        HelpWriter.Write(command, application.Globals, text);
        return $"```text\n{text.ToString().TrimEnd()}\n```\n";
    }
}
