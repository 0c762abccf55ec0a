using System.CommandLine;
using System.CommandLine.Completions;
using Ramet.Cli.Hosting;

namespace Ramet.Cli.Completion;

/// <summary>
/// What the shells' scripts ask: <c>ramet __complete "LINE UP TO THE CURSOR"</c> prints a candidate a line, with a tab and a
/// word about it where there is one. Nothing printed: the shell may offer files.
/// </summary>
internal static class CompletionRequest
{
    public const string Verb = "__complete";

    public static int Answer(RootCommand root, IReadOnlyList<string> arguments, CliHost host)
    {
        // Without the program's own name, however it was called.
        var line = (arguments.Count > 1 ? arguments[1] : "").TrimStart();
        var rest = line.IndexOf(' ') is >= 0 and var space ? line[(space + 1)..].TrimStart() : "";
        var word = rest[(rest.LastIndexOf(' ') + 1)..].TrimStart('\'', '"');

        var parsed = root.Parse(rest, CommandLineInterface.Parser);
        // After a word that means nothing, nothing can be said.
        if (parsed.UnmatchedTokens.Any(t => t != word))
            return ExitCodes.Success;
        foreach (var item in parsed.GetCompletions(rest.Length).Where(i => Fits(i, word)).DistinctBy(i => i.Label))
            host.Out.WriteLine(item.Detail is { Length: > 0 } detail ? $"{item.Label}\t{Views.Plain.Text(detail)}" : item.Label);
        host.Out.Flush();
        return ExitCodes.Success;
    }

    // Options only for who begins to write one: names are what one looks for. A label that a shell could take for
    // something else than a word is not offered.
    private static bool Fits(CompletionItem item, string word) =>
        item.Label.StartsWith(word, StringComparison.Ordinal)
        && (word.StartsWith('-') || !item.Label.StartsWith('-'))
        && !item.Label.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}
