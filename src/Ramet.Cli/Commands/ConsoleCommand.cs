using System.CommandLine;
using Ramet.Cli.Console;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;

namespace Ramet.Cli.Commands;

/// <summary>ramet console</summary>
internal sealed class ConsoleCommand : RametCommand
{
    private readonly VmArgument _vm;
    private readonly Flag _force = new("--force", "-f") { Description = "Take the console from whoever has it" };
    private readonly Option<int> _linger = new("--linger")
    {
        HelpName = "SECONDS",
        Description = "When the input is a pipe that has ended: leave after this much silence of the guest (default 2; 0: stay)",
        DefaultValueFactory = _ => 2,
    };

    public ConsoleCommand(CliApplication application)
        : base(application, "console", "Connect the terminal to a VM's serial console. Ctrl-] leaves.")
    {
        _vm = Add(new VmArgument(application));
        Add(_force);
        Add(_linger);
        Example("ramet console seat-01");
        Example("ramet console seat-01 --linger 0 </dev/null >boot.log");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var vm = call.Get(_vm);
        using var socket = await call.Client.OpenConsoleAsync(vm, call.Get(_force), cancellationToken);
        var interactive = call.Host.InIsTerminal;
        if (interactive && !call.Quiet)
            call.ErrorScreen.Line($"Connected to {vm}. Ctrl-] leaves.", Look.Faint);

        ConsoleEnd end;
        using (interactive ? RawTerminal.Enter() : null)
        {
            var session = new ConsoleSession(socket, call.Host.InStream(), call.Host.OutStream(), interactive, TimeSpan.FromSeconds(call.Get(_linger)), call.Host.Time);
            end = await session.RunAsync(cancellationToken);
        }

        if (interactive && !call.Quiet)
        {
            call.ErrorScreen.Writer.WriteLine();
            var why = socket.CloseStatusDescription is { Length: > 0 } said ? said : "the connection was closed";
            call.ErrorScreen.Line(end == ConsoleEnd.Left ? $"Left {vm}; it goes on." : $"{vm}: {why}", Look.Faint);
        }

        return ExitCodes.Success;
    }
}
