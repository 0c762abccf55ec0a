using Microsoft.Extensions.Logging.Console;

namespace Ramet.Server.Logging;

/// <summary>One line a message: under systemd with sd-daemon(3)'s level prefix and without the time, which the journal has.</summary>
internal static class ConsoleLogging
{
    public static ILoggingBuilder AddRametConsole(this ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        // The framework's own messages are about its insides; they are wanted when the insides are.
        if (level >= LogLevel.Information)
            logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        return Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 }
            ? logging.AddSystemdConsole()
            : logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                o.ColorBehavior = LoggerColorBehavior.Disabled;
            });
    }
}
