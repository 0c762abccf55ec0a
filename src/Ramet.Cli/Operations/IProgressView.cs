using Ramet.Contracts;

namespace Ramet.Cli.Operations;

/// <summary>Shows how an operation goes on while somebody waits for it; called from one thread at a time.</summary>
internal interface IProgressView
{
    /// <summary>Draws while <paramref name="wait"/> runs.</summary>
    Task<Operation> RunAsync(Operation begun, Func<Task<Operation>> wait);

    void Show(Operation operation);

    /// <summary>Something else that the user should know now.</summary>
    void Say(string text);
}

/// <summary>With --json or --quiet.</summary>
internal sealed class SilentProgress : IProgressView
{
    public Task<Operation> RunAsync(Operation begun, Func<Task<Operation>> wait) => wait();

    public void Show(Operation operation)
    {
    }

    public void Say(string text)
    {
    }
}
