using System.Net;
using Microsoft.Extensions.Logging;

namespace Ramet.Server.Options;

/// <summary>Everything a server is told when it starts.</summary>
internal sealed record ServerOptions
{
    /// <summary>Longest path that fits struct sockaddr_un's sun_path with its final NUL (unix(7)).</summary>
    public const int MaxSocketPath = 107;

    public string State { get; init; } = "/var/lib/ramet";

    public string Socket { get; init; } = "/run/ramet/ramet.sock";

    /// <summary>Where HTTPS listens; null for not at all.</summary>
    public IPEndPoint? Listen { get; init; } = new(IPAddress.Loopback, 8743);

    /// <summary>libvirt URI of the host that a first start makes.</summary>
    public string Libvirt { get; init; } = "qemu:///system";

    /// <summary>Members of this system group are administrators.</summary>
    public string Group { get; init; } = "ramet";

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public string CatalogPath => Path.Combine(State, "catalog.db");

    public string TlsDirectory => Path.Combine(State, "tls");

    public string DownloadDirectory => Path.Combine(State, "downloads");

    /// <summary>What the KVM probe needs.</summary>
    public string HostDirectory => Path.Combine(State, "host");

    /// <summary>Serial output of VMs.</summary>
    public string ConsoleDirectory => Path.Combine(State, "consoles");

    public string DefaultDatastorePath => Path.Combine(State, "datastores", "default");
}
