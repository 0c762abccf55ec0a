using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;

namespace Ramet.Cli.Commands;

/// <summary>ramet completion</summary>
internal sealed class CompletionCommand : RametCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish" };

    public CompletionCommand(CliApplication application)
        : base(application, "completion", "Print the script that makes a shell complete commands, options and names.")
    {
        Add(_shell).AcceptOnlyFromAmong([.. ShellScripts.Shells]);
        Example("source <(ramet completion bash)      # in ~/.bashrc; zsh: the same with zsh in ~/.zshrc");
        Example("ramet completion fish | source       # in ~/.config/fish/config.fish");
    }

    protected override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        call.Out.Write(ShellScripts.Of(call.Get(_shell)));
        return Task.FromResult(ExitCodes.Success);
    }
}
