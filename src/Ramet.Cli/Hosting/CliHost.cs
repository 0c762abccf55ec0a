using System.Text;

namespace Ramet.Cli.Hosting;

/// <summary>What a command takes from the process around it; tests bring their own.</summary>
internal sealed record CliHost
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Made when asked for: .NET sets a terminal up for it, which costs time and writes escapes.</summary>
    public required Func<TextReader> In { get; init; }

    /// <summary>Input and output as bytes, for the console; made when asked for.</summary>
    public required Func<Stream> InStream { get; init; }

    public required Func<Stream> OutStream { get; init; }

    public required bool InIsTerminal { get; init; }

    public required bool OutIsTerminal { get; init; }

    public required bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public required Func<int> Width { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public required string WorkingFolder { get; init; }

    public required TimeProvider Time { get; init; }

    public required Interrupts Interrupts { get; init; }

    public static CliHost ForProcess(Interrupts interrupts)
    {
        // Console.Out flushes at every write: a table of a thousand lines would be a thousand system calls.
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var redirected = System.Console.IsOutputRedirected;
        return new CliHost
        {
            Out = new StreamWriter(System.Console.OpenStandardOutput(), utf8, 16384) { AutoFlush = false },
            Error = new StreamWriter(System.Console.OpenStandardError(), utf8, 256) { AutoFlush = true },
            In = () => System.Console.In,
            InStream = () => new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(0, ownsHandle: false), FileAccess.Read, 0),
            OutStream = System.Console.OpenStandardOutput,
            InIsTerminal = !System.Console.IsInputRedirected,
            OutIsTerminal = !redirected,
            ErrorIsTerminal = !System.Console.IsErrorRedirected,
            Width = () => System.Console.WindowWidth,
            Environment = System.Environment.GetEnvironmentVariable,
            WorkingFolder = Directory.GetCurrentDirectory(),
            Time = TimeProvider.System,
            Interrupts = interrupts,
        };
    }
}
