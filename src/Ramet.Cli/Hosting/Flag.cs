using System.CommandLine;

namespace Ramet.Cli.Hosting;

/// <summary>An option that is there or not; never takes the word after it for a value.</summary>
internal sealed class Flag : Option<bool>
{
    public Flag(string name, params string[] aliases)
        : base(name, aliases)
    {
        Arity = ArgumentArity.Zero;
    }
}
