using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;

namespace Ramet.Cli.Commands;

/// <summary>ID of an operation.</summary>
internal sealed class OperationArgument : Argument<Guid>
{
    public OperationArgument(CliApplication application)
        : base("ID")
    {
        Description = "The operation's id, as printed by --no-wait and operation list";
        CompletionSources.Clear();
        CompletionSources.Add(new Candidates(application).Operations);
        CustomParser = result =>
        {
            if (Guid.TryParse(result.Tokens[0].Value, out var id))
                return id;
            result.AddError($"\"{result.Tokens[0].Value}\" is not an operation's id; see: ramet operation list");
            return default;
        };
    }
}
