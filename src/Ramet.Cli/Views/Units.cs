using System.Globalization;

namespace Ramet.Cli.Views;

/// <summary>Sizes (IEC: 1 KiB = 1024 bytes) and times for people, and back.</summary>
internal static class Units
{
    private static readonly string[] Names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>"0 B", "196 KiB", "1.5 GiB": three digits at most, a tenth only below 10.</summary>
    public static string Bytes(long bytes)
    {
        var value = Math.Abs((double)bytes);
        var unit = 0;
        while (value >= 1023.5 && unit < Names.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var digits = unit > 0 && value < 9.95 ? value.ToString("0.#", CultureInfo.InvariantCulture) : value.ToString("0", CultureInfo.InvariantCulture);
        return $"{(bytes < 0 ? "-" : "")}{digits} {Names[unit]}";
    }

    public static string Time(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>"0.4 s", "3 min 05 s", "2 h 10 min".</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => span.TotalSeconds.ToString(span.TotalSeconds < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + " s",
        { TotalMinutes: < 60 } => $"{span.Minutes} min {span.Seconds:00} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes:00} min",
    };

    /// <summary>"512M", "2G", "1.5GiB", or a number of MiB.</summary>
    public static bool TryParseMiB(string text, out int mebibytes)
    {
        mebibytes = 0;
        var end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1]))
            end--;
        double? factor = text[end..].ToUpperInvariant() switch
        {
            "" or "M" or "MB" or "MIB" => 1,
            "K" or "KB" or "KIB" => 1 / 1024.0,
            "G" or "GB" or "GIB" => 1024,
            "T" or "TB" or "TIB" => 1024 * 1024,
            _ => null,
        };
        if (factor is null || !double.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var value = number * factor.Value;
        if (value < 1 || value > int.MaxValue || value != Math.Floor(value))
            return false;
        mebibytes = (int)value;
        return true;
    }
}
