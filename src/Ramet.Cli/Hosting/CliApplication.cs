using System.CommandLine;
using Ramet.Cli.Views;
using Ramet.Client;

namespace Ramet.Cli.Hosting;

/// <summary>What all commands of one process share.</summary>
internal sealed class CliApplication(CliHost host)
{
    public CliHost Host { get; } = host;

    public GlobalOptions Globals { get; } = new();

    /// <summary>Runs a command; whatever it throws becomes an error message and an exit code.</summary>
    public async Task<int> GuardAsync(ParseResult parsed, Func<Invocation, Task<int>> run)
    {
        using var call = new Invocation(this, parsed);
        try
        {
            return await run(call);
        }
        catch (RametApiException e)
        {
            return call.Fail(e.Problem);
        }
        catch (OperationCanceledException) when (Host.Interrupts.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (IOException e) when (IsBrokenPipe(e))
        {
            // `ramet list | head` has read enough.
            return ExitCodes.Success;
        }
        catch (Exception e)
        {
            return call.Fail(RametApiException.Local("internal", $"{e.GetType().Name}: {e.Message}", null,
                "this is a defect of ramet: please report it with what follows", e,
                (e.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Problem);
        }
    }

    // EPIPE; .NET ignores SIGPIPE for the whole process.
    public static bool IsBrokenPipe(IOException error) => error.HResult == 32 || error.InnerException is System.Net.Sockets.SocketException { NativeErrorCode: 32 };
}
