namespace Ramet.Client;

/// <summary>Where the server is, and how to prove who we are and who it is.</summary>
public sealed record RametEndpoint
{
    /// <summary>Where the server listens unless it is told otherwise.</summary>
    public const string DefaultSocket = "/run/ramet/ramet.sock";

    /// <summary>Where a server on this machine keeps the certificate that it made for itself.</summary>
    public const string DefaultTlsFolder = "/var/lib/ramet/tls";

    /// <summary>The unix socket; used when <see cref="Server"/> is null. The caller is known by its peer credentials there.</summary>
    public string Socket { get; init; } = DefaultSocket;

    /// <summary>"https://host:port"; plain http only to this machine.</summary>
    public Uri? Server { get; init; }

    /// <summary>API token; ignored on the socket.</summary>
    public string? Token { get; init; }

    /// <summary>PEM file of the only certificates to trust, instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>SHA-256 of the server's certificate or of its public key (SPKI), hexadecimal with or without colons: only that one is trusted, whatever its names.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>For messages.</summary>
    public string Address => Server is null ? Socket : Server.GetLeftPart(UriPartial.Authority);

    /// <exception cref="RametApiException">An address that cannot be one, or that would send the token in clear.</exception>
    internal void Validate()
    {
        if (Server is null)
            return;
        if (!Server.IsAbsoluteUri || Server.Scheme is not ("https" or "http"))
            throw RametApiException.Local("invalidArgument", $"\"{Server}\" is not a server's address", Server.ToString(), "write it as https://HOST:PORT");
        if (Server.Scheme == "http" && !Server.IsLoopback)
        {
            throw RametApiException.Local("invalidArgument", $"refused to talk to {Server} without TLS: the token could be read on the way",
                Server.ToString(), "use https://");
        }
    }
}
