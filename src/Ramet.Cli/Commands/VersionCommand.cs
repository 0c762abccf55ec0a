using System.Reflection;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet version</summary>
internal sealed class VersionCommand : RametCommand
{
    /// <summary>The CLI's, with the commit where the build knew it.</summary>
    public static string OwnVersion { get; } =
        Shorten(typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    public VersionCommand(CliApplication application)
        : base(application, "version", "Show the versions of the CLI and of the server; a server that is away is said, and no error.")
    {
        Example("ramet version --json");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        VersionInfo? server = null;
        Problem? problem = null;
        try
        {
            server = await call.Client.GetVersionAsync(cancellationToken);
        }
        catch (RametApiException e) when (e.Kind is RametApiException.ServerUnreachable or "permissionDenied" or "unauthenticated")
        {
            problem = e.Problem;
        }

        return call.Show(new VersionReport(OwnVersion, server, problem), CliJson.Default.VersionReport, report =>
            new CardView()
                .Field("Client", report.Client)
                .Field("Server", report.Server is null ? new Cell(report.Problem!.Title, Look.Warning) : report.Server.Version)
                .Field("API", report.Server?.ApiVersion)
                .Field("Runtime", report.Server?.Runtime)
                .Field("libvirt", report.Server?.LibvirtVersion)
                .Field("QEMU", report.Server?.QemuVersion)
                .Write(call.Screen));
    }

    private static string Shorten(string version) => version.IndexOf('+') is > 0 and var plus && version.Length > plus + 13 ? version[..(plus + 13)] : version;
}

/// <summary>What <c>ramet version --json</c> prints; either server or problem is null.</summary>
internal sealed record VersionReport(string Client, VersionInfo? Server, Problem? Problem);
