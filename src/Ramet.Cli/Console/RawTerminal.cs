using System.Runtime.InteropServices;

namespace Ramet.Cli.Console;

/// <summary>
/// The terminal in raw mode (tcsetattr(3), cfmakeraw(3)): every key goes to the guest, Ctrl-C included. Put back on dispose,
/// and also when the process ends in another way (exit, unhandled exception, SIGTERM, SIGHUP).
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int AfterDrain = 1; // TCSADRAIN

    private readonly Termios _before;
    private readonly PosixSignalRegistration _onHangUp;
    private int _restored;

    private RawTerminal(Termios before)
    {
        _before = before;
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
        // SIGTERM ends the command in order (see Program); a terminal that hangs up leaves no time for that.
        _onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Restore());
    }

    /// <summary>Null when standard input is no terminal after all.</summary>
    public static RawTerminal? Enter()
    {
        if (GetAttributes(StandardInput, out var before) != 0)
            return null;
        var raw = before;
        MakeRaw(ref raw);
        var terminal = new RawTerminal(before);
        if (SetAttributes(StandardInput, AfterDrain, in raw) == 0)
            return terminal;
        terminal.Dispose();
        return null;
    }

    public void Dispose()
    {
        Restore();
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        _onHangUp.Dispose();
    }

    private void OnEnd(object? sender, EventArgs e) => Restore();

    private void Restore()
    {
        if (Interlocked.Exchange(ref _restored, 1) == 0)
            _ = SetAttributes(StandardInput, AfterDrain, in _before);
    }

    /// <summary>struct termios of Linux's C libraries is 60 bytes; its fields are theirs (cfmakeraw knows them).</summary>
    [System.Runtime.CompilerServices.InlineArray(16)]
    private struct Termios
    {
        private uint _word;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, out Termios attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, in Termios attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(ref Termios attributes);
}
