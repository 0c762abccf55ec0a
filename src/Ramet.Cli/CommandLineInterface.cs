using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Ramet.Cli.Commands;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Client;

namespace Ramet.Cli;

/// <summary>The tree of commands, and the way from arguments to an exit code.</summary>
internal static class CommandLineInterface
{
    /// <summary>No @response files (names hold an @).</summary>
    public static ParserConfiguration Parser { get; } = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    public static RootCommand Build(CliApplication application)
    {
        var root = new RootCommand("Linked clones for KVM: virtual machines that share their parent's disks and hold only what they change.");
        root.Options.Clear();
        root.Directives.Clear();
        root.Options.Add(new HelpOption("--help", "-h") { Description = "Show help with examples", Recursive = true, Action = new ShowHelp(application) });
        root.Options.Add(new VersionOption("--version") { Description = "Show the CLI's version", Action = new ShowVersion(application) });
        foreach (var option in application.Globals.All)
            root.Options.Add(option);
        foreach (var command in CommandList.All(application))
            root.Subcommands.Add(command);
        root.SetAction(parsed => HelpWriter.Write(root, application.Globals, application.Host.Out));
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host)
    {
        var application = new CliApplication(host);
        var root = Build(application);
        if (arguments is [CompletionRequest.Verb, ..])
            return CompletionRequest.Answer(root, arguments, host);

        var parsed = root.Parse(arguments, Parser);
        if (parsed.Action is ParseErrorAction)
        {
            using var call = new Invocation(application, parsed);
            return call.Fail(UsageProblem(parsed));
        }

        // Ctrl-C is ours (see Interrupts), and so are the error messages.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = host.Out, Error = host.Error };
        var code = await parsed.InvokeAsync(configuration, host.Interrupts.Token);
        await host.Out.FlushAsync();
        return code;
    }

    private static Contracts.Problem UsageProblem(ParseResult parsed)
    {
        var messages = parsed.Errors.Select(Word).Distinct().ToList();
        return RametApiException.Local("invalidArgument", messages[0], null, $"see: {HelpWriter.PathOf(parsed.CommandResult.Command)} --help",
            null, [.. messages.Skip(1)]).Problem;
    }

    // The library's own words for a value that does not convert name .NET types.
    private static string Word(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Parent: OptionResult option, Tokens: [var token, ..] } when IsConversion(error) => $"{option.Option.Name}: \"{token.Value}\" is not {Wanted(option.Option.ValueType)}",
        OptionResult { Tokens: [var token, ..] } option when IsConversion(error) => $"{option.Option.Name}: \"{token.Value}\" is not {Wanted(option.Option.ValueType)}",
        _ => error.Message.TrimEnd('.'),
    };

    private static bool IsConversion(ParseError error) => error.Message.Contains(" as expected type ", StringComparison.Ordinal);

    private static string Wanted(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(Guid) ? "an id" : "a whole number";

    private sealed class ShowHelp(CliApplication application) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            HelpWriter.Write(parseResult.CommandResult.Command, application.Globals, application.Host.Out);
            return ExitCodes.Success;
        }
    }

    private sealed class ShowVersion(CliApplication application) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            application.Host.Out.WriteLine("ramet " + VersionCommand.OwnVersion);
            return ExitCodes.Success;
        }
    }
}
