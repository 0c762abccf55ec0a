using System.CommandLine;
using Ramet.Cli.Views;
using Ramet.Client;

namespace Ramet.Cli.Hosting;

/// <summary>A command of the CLI: its flags, its examples, and what it does; errors become exit codes here.</summary>
internal abstract class RametCommand : Command
{
    private readonly List<string> _examples = [];

    protected RametCommand(CliApplication application, string name, string description)
        : base(name, description)
    {
        Application = application;
        SetAction((parsed, cancellationToken) => application.GuardAsync(parsed, call => RunAsync(call, cancellationToken)));
    }

    /// <summary>Command lines that <c>--help</c> shows; at least one.</summary>
    public IReadOnlyList<string> Examples => _examples;

    protected CliApplication Application { get; }

    protected abstract Task<int> RunAsync(Invocation call, CancellationToken cancellationToken);

    protected void Example(string line) => _examples.Add(line);

    protected T Add<T>(T symbol) where T : Symbol
    {
        switch (symbol)
        {
            case Argument argument:
                Arguments.Add(argument);
                break;
            case Option option:
                Options.Add(option);
                break;
            case Command command:
                Subcommands.Add(command);
                break;
        }

        return symbol;
    }
}

/// <summary>A noun with commands below it; alone it prints its help.</summary>
internal sealed class CommandGroup : RametCommand
{
    public CommandGroup(CliApplication application, string name, string description, params RametCommand[] commands)
        : base(application, name, description)
    {
        foreach (var command in commands)
            Subcommands.Add(command);
        foreach (var command in commands)
            Example(command.Examples[0]);
    }

    protected override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        HelpWriter.Write(this, Application.Globals, call.Out);
        return Task.FromResult(ExitCodes.Success);
    }
}
