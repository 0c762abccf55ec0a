using System.Runtime.InteropServices;
using Ramet.Cli;
using Ramet.Cli.Hosting;

using var interrupts = new Interrupts(whenInsisted: () => Environment.Exit(ExitCodes.Interrupted));
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true;
    interrupts.Raise();
});
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    interrupts.Stop();
});
return await CommandLineInterface.RunAsync(args, CliHost.ForProcess(interrupts));
