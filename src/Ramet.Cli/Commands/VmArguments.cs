using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>VM...: names, patterns and --all-clones-of, which add up.</summary>
internal sealed class VmArguments
{
    private readonly Argument<string[]> _names = new("VM")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Names, or patterns in quotes: 'seat-*', 'seat-0?'",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _allClonesOf = new("--all-clones-of")
    {
        HelpName = "SNAPSHOT",
        Description = "Every linked clone of this snapshot (debian12@v1) or VM (debian12)",
    };

    /// <param name="command">Gets the argument and the option.</param>
    /// <param name="application">For completion.</param>
    /// <param name="orAll">Nothing given means all; otherwise it is an error.</param>
    public VmArguments(Command command, CliApplication application, bool orAll = false)
    {
        var candidates = new Candidates(application);
        _names.CompletionSources.Add(candidates.Vms);
        _allClonesOf.CompletionSources.Add(candidates.Sources);
        command.Arguments.Add(_names);
        command.Options.Add(_allClonesOf);
        if (orAll)
            return;
        command.Validators.Add(result =>
        {
            if (result.GetValue(_names) is not { Length: > 0 } && result.GetValue(_allClonesOf) is null)
                result.AddError("Which VMs? Give names, patterns or --all-clones-of");
        });
    }

    public VmSelection Read(Invocation call) => new(Names(call), AllClonesOf(call));

    public IReadOnlyList<string>? Names(Invocation call) => call.Get(_names) is { Length: > 0 } names ? names : null;

    public string? AllClonesOf(Invocation call) => call.Get(_allClonesOf);
}

/// <summary>VM: exactly one, by its name.</summary>
internal sealed class VmArgument : Argument<string>
{
    public VmArgument(CliApplication application, string description = "The VM's name")
        : base("VM")
    {
        Description = description;
        CompletionSources.Add(new Candidates(application).Vms);
    }
}

/// <summary>How a running VM is brought down: --grace and --force.</summary>
internal sealed class StopOptions
{
    private readonly Option<int?> _grace = new("--grace")
    {
        HelpName = "SECONDS",
        Description = "How long the guest may take to shut down before it is switched off (default 60)",
    };

    private readonly Flag _force = new("--force", "-f");

    public StopOptions(Command command, string forceDescription)
    {
        _force.Description = forceDescription;
        _grace.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var seconds) && seconds < 0)
                result.AddError("--grace must not be negative");
        });
        command.Options.Add(_grace);
        command.Options.Add(_force);
    }

    public StopRequest Read(Invocation call, VmArguments vms) => new(vms.Names(call), vms.AllClonesOf(call), call.Get(_grace), call.Get(_force));
}
