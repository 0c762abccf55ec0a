using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Core.Errors;

namespace Ramet.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public async Task Every_command_has_help_with_an_example_that_parses()
    {
        var (application, root) = Tree();
        foreach (var command in Descendants(root))
        {
            var path = HelpWriter.PathOf(command).Split(' ')[1..];
            var help = await Cli.RunAsync(null, [.. path, "--help"]);

            Assert.Equal(0, help.Code);
            Assert.Contains("Example", help.Out);
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            foreach (var option in command.Options)
            {
                Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{command.Name} {option.Name}");
                if (option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0)
                    Assert.False(string.IsNullOrWhiteSpace(option.HelpName), $"{command.Name} {option.Name}");
            }

            foreach (var example in Assert.IsAssignableFrom<RametCommand>(command).Examples)
                Assert.Empty(root.Parse(OwnPart(example), CommandLineInterface.Parser).Errors);
        }

        Assert.NotNull(application);
    }

    [Fact]
    public void The_commands_of_the_milestone_are_all_there()
    {
        string[] wanted =
        [
            "import", "adopt", "snapshot create", "snapshot list", "clone", "list", "show", "start", "stop", "restart", "console", "ip", "tree", "usage",
            "refresh", "promote", "delete", "operation list", "operation show", "operation wait", "operation cancel", "event watch", "host list",
            "datastore list", "datastore add", "token create", "token list", "token revoke", "version", "doctor", "completion",
        ];
        var found = Descendants(Tree().Root).Where(c => c.Subcommands.Count == 0).Select(c => HelpWriter.PathOf(c)["ramet ".Length..]);
        Assert.Equal(wanted.Order(), found.Order());
    }

    [Fact]
    public void The_reference_page_is_what_the_commands_say() =>
        Golden.CheckFile(Path.Combine(Golden.RepositoryRoot, "docs", "cli.md"), CliReference.Render(Tree().Application, Tree().Root));

    [Fact]
    public void Every_kind_of_error_of_the_server_has_an_exit_code_of_its_own()
    {
        var kinds = Enum.GetNames<ErrorKind>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]).ToList();
        foreach (var kind in kinds.Where(k => k != "internal"))
            Assert.NotEqual(ExitCodes.Failure, ExitCodes.Of(kind));
        Assert.Equal(ExitCodes.Table.Count, ExitCodes.Table.Select(r => r.Code).Distinct().Count());
        Assert.Equal(ExitCodes.Failure, ExitCodes.Of("a kind of the future"));
        Assert.Equal(ExitCodes.Failure, ExitCodes.Of(""));
    }

    // "ssh debian@$(ramet ip seat-01 …)": the part that is ramet's; shells take quotes, redirections and pipes away.
    private static string OwnPart(string example)
    {
        var line = example[(example.IndexOf("ramet ", StringComparison.Ordinal) + "ramet ".Length)..];
        foreach (var end in new[] { " | ", " > ", " >", " <", ")", " #" })
            line = line.Split(end)[0];
        return line.Replace("$(ramet start 'seat-*' --no-wait", "0198a1f2-5b7c-7d3e-9f00-1a2b3c4d5e6f").Replace('\'', '"');
    }

    internal static (CliApplication Application, RootCommand Root) Tree()
    {
        var application = new CliApplication(CliHost.ForProcess(new Interrupts(() => { })));
        return (application, CommandLineInterface.Build(application));
    }

    internal static IEnumerable<Command> Descendants(Command command) =>
        command.Subcommands.SelectMany(c => (IEnumerable<Command>)[c, .. Descendants(c)]);
}
