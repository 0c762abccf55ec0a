using System.CommandLine;
using Ramet.Client;

namespace Ramet.Cli.Hosting;

/// <summary>Options that every command takes, and the environment variables that stand in for them.</summary>
internal sealed class GlobalOptions
{
    public Flag Json { get; } = new("--json") { Description = "Print nothing but JSON: the result on standard output, a problem on standard error" };

    public Flag Quiet { get; } = new("--quiet", "-q") { Description = "No progress; print only names or ids" };

    public Flag NoWait { get; } = new("--no-wait") { Description = "Do not wait for the operation: print its id at once" };

    public Flag NoColor { get; } = new("--no-color") { Description = "No colours, as with NO_COLOR set" };

    public Option<string?> Socket { get; } = new("--socket") { HelpName = "PATH", Description = $"The server's unix socket [RAMET_SOCKET; {RametEndpoint.DefaultSocket}]" };

    public Option<string?> Server { get; } = new("--server") { HelpName = "URL", Description = "A server reached by HTTPS instead [RAMET_SERVER]" };

    public Option<string?> Token { get; } = new("--token") { HelpName = "TOKEN", Description = "API token; others on this machine can see it: better in a file [RAMET_TOKEN]" };

    public Option<string?> TokenFile { get; } = new("--token-file") { HelpName = "FILE", Description = "File that holds the API token [RAMET_TOKEN_FILE]" };

    public Option<string?> CaFile { get; } = new("--ca-file") { HelpName = "FILE", Description = "PEM file of the certificates to trust [RAMET_CA_FILE]" };

    public Option<string?> Fingerprint { get; } = new("--fingerprint") { HelpName = "SHA256", Description = "Trust only the certificate, or the public key, with this SHA-256 [RAMET_FINGERPRINT]" };

    public IReadOnlyList<Option> All => [Json, Quiet, NoWait, NoColor, Socket, Server, Token, TokenFile, CaFile, Fingerprint];

    public GlobalOptions()
    {
        foreach (var option in All)
            option.Recursive = true;
    }

    /// <exception cref="RametApiException">A token file that cannot be read.</exception>
    public RametEndpoint Endpoint(ParseResult parsed, CliHost host)
    {
        var socket = parsed.GetValue(Socket);
        // An option on the command line beats every variable: --socket beats RAMET_SERVER.
        var server = parsed.GetValue(Server) ?? (socket is null ? Variable("RAMET_SERVER") : null);
        Uri? address = null;
        if (server is not null && !Uri.TryCreate(server, UriKind.Absolute, out address))
            throw RametApiException.Local("invalidArgument", $"\"{server}\" is not a server's address", server, "write it as https://HOST:PORT");

        return new RametEndpoint
        {
            Socket = socket ?? Variable("RAMET_SOCKET") ?? RametEndpoint.DefaultSocket,
            Server = address,
            Token = address is null ? null : ReadToken(parsed, Variable),
            CaFile = parsed.GetValue(CaFile) ?? Variable("RAMET_CA_FILE"),
            Fingerprint = parsed.GetValue(Fingerprint) ?? Variable("RAMET_FINGERPRINT"),
        };

        string? Variable(string name) => host.Environment(name) is { Length: > 0 } value ? value : null;
    }

    private string? ReadToken(ParseResult parsed, Func<string, string?> variable)
    {
        if (parsed.GetValue(Token) is { } given)
            return given;
        var file = parsed.GetValue(TokenFile);
        if (file is null && variable("RAMET_TOKEN") is { } token)
            return token;
        file ??= variable("RAMET_TOKEN_FILE");
        return file is null ? null : InputFile.Read(file, "the token").Trim();
    }
}
