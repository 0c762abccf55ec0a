using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ramet.Core.Errors;

namespace Ramet.Server.Options;

/// <summary>
/// Puts the options together: the command line wins over RAMET_… variables, these over the file, the file over the
/// defaults. Every value is checked the same way wherever it comes from, and an error names where that was.
/// </summary>
internal static class OptionsReader
{
    public const string DefaultFile = "/etc/ramet/server.json";

    /// <summary>Names as the file has them; "--no-https" and RAMET_NO_HTTPS are made of them.</summary>
    public static readonly IReadOnlyList<string> Names = ["state", "socket", "listen", "noHttps", "libvirt", "group", "logLevel"];

    /// <param name="commandLine">Values by the names of <see cref="Names"/>; a flag is "true".</param>
    /// <param name="environment">Looks a variable up.</param>
    /// <param name="file">Where the file is; null: <see cref="DefaultFile"/>, when there is one.</param>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static ServerOptions Read(IReadOnlyDictionary<string, string> commandLine, Func<string, string?> environment, string? file)
    {
        file ??= environment("RAMET_CONFIG");
        var options = new ServerOptions();
        if (file is not null || File.Exists(DefaultFile))
            options = Apply(options, ReadFile(file ?? DefaultFile), name => $"\"{name}\" in {file ?? DefaultFile}");
        options = Apply(options, ReadEnvironment(environment), EnvironmentName);
        return Apply(options, commandLine, OptionName);
    }

    /// <summary>"noHttps" → "--no-https".</summary>
    public static string OptionName(string name) => "--" + Separate(name, '-').ToLowerInvariant();

    /// <summary>"noHttps" → "RAMET_NO_HTTPS".</summary>
    public static string EnvironmentName(string name) => "RAMET_" + Separate(name, '_').ToUpperInvariant();

    private static ServerOptions Apply(ServerOptions options, IReadOnlyDictionary<string, string> values, Func<string, string> place)
    {
        if (values.ContainsKey("listen") && values.TryGetValue("noHttps", out var off) && Flag(off, place("noHttps")))
            throw Invalid($"{place("listen")} and {place("noHttps")} contradict each other");

        foreach (var (name, value) in values)
        {
            var at = place(name);
            options = name switch
            {
                "state" => options with { State = AbsolutePath(value, at) },
                "socket" => options with { Socket = SocketPath(value, at) },
                "listen" => options with { Listen = Endpoint(value, at) },
                "noHttps" => Flag(value, at) ? options with { Listen = null } : options,
                "libvirt" => options with { Libvirt = LibvirtUri(value, at) },
                "group" => options with { Group = value.Length > 0 ? value : throw Invalid($"{at} is empty") },
                "logLevel" => options with { LogLevel = Level(value, at) },
                _ => throw Invalid($"{at} is not an option", $"known are: {string.Join(", ", Names)}"),
            };
        }

        return options;
    }

    private static Dictionary<string, string> ReadEnvironment(Func<string, string?> environment)
    {
        var values = new Dictionary<string, string>();
        foreach (var name in Names)
        {
            if (environment(EnvironmentName(name)) is { Length: > 0 } value)
                values.Add(name, value);
        }

        return values;
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Invalid($"{path} does not hold a JSON object");
            return document.RootElement.EnumerateObject().ToDictionary(
                p => p.Name,
                p => p.Value.ValueKind switch
                {
                    JsonValueKind.String => p.Value.GetString()!,
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => throw Invalid($"\"{p.Name}\" in {path} is neither a text nor true or false"),
                });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new RametException(ErrorKind.InvalidArgument, $"cannot read the options in {path}: {e.Message}", @object: path, inner: e);
        }
    }

    private static string AbsolutePath(string value, string at) =>
        Path.IsPathRooted(value) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(value)) : throw Invalid($"{at} is not an absolute path: '{value}'");

    private static string SocketPath(string value, string at)
    {
        var path = AbsolutePath(value, at);
        return Encoding.UTF8.GetByteCount(path) <= ServerOptions.MaxSocketPath
            ? path
            : throw Invalid($"{at} is longer than the {ServerOptions.MaxSocketPath} bytes that a socket's path may have: '{value}'");
    }

    private static IPEndPoint Endpoint(string value, string at)
    {
        // IPEndPoint.Parse takes an address without a port too, and then means port 0.
        var colon = value.LastIndexOf(':');
        var address = colon > 0 ? value[..colon] : "";
        var isWhole = address.Contains(':') ? address is ['[', .., ']'] : address.Length > 0;
        return isWhole && ushort.TryParse(value.AsSpan(colon + 1), out _)
            && IPEndPoint.TryParse(address == "localhost" ? "127.0.0.1" + value[colon..] : value, out var endpoint)
            ? endpoint
            : throw Invalid($"{at} is not ADDRESS:PORT: '{value}'", "write 127.0.0.1:8743 or [::1]:8743");
    }

    private static string LibvirtUri(string value, string at) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme.Length > 0 && value.Contains("://", StringComparison.Ordinal)
            ? value
            : throw Invalid($"{at} is not a libvirt URI: '{value}'", "write qemu:///system or the like");

    private static bool Flag(string value, string at) => value.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => throw Invalid($"{at} is neither true nor false: '{value}'"),
    };

    private static LogLevel Level(string value, string at) => value.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" or "information" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => throw Invalid($"{at} is not a log level: '{value}'", "trace, debug, info, warning or error"),
    };

    private static string Separate(string name, char by) =>
        string.Concat(name.Select(c => char.IsUpper(c) ? $"{by}{c}" : c.ToString()));

    private static RametException Invalid(string message, string? remedy = null) => new(ErrorKind.InvalidArgument, message, remedy);
}
