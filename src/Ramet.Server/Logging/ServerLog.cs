using System.Net;

namespace Ramet.Server.Logging;

/// <summary>Every message of the server, with fixed ids: 1xx life, 2xx access, 3xx requests, 4xx hosts. Never renumber.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(100, LogLevel.Information, "ramet-server {Version} keeps its state in {State}")]
    public static partial void Starting(this ILogger log, string version, string state);

    [LoggerMessage(101, LogLevel.Information, "First start: made the datastore {Datastore} and the host {Uri}")]
    public static partial void FirstStart(this ILogger log, string datastore, string uri);

    [LoggerMessage(102, LogLevel.Information, "Ready after {Milliseconds} ms: {Addresses}")]
    public static partial void Ready(this ILogger log, long milliseconds, string addresses);

    [LoggerMessage(103, LogLevel.Information, "Stopping: running steps come to their safe points")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(104, LogLevel.Warning, "systemd was not told '{State}': {Reason}")]
    public static partial void NotNotified(this ILogger log, string state, string reason);

    [LoggerMessage(105, LogLevel.Warning, "There is no group '{Group}': only root may use {Socket}")]
    public static partial void NoGroup(this ILogger log, string group, string socket);

    [LoggerMessage(200, LogLevel.Warning, "Refused a wrong API token from {Address}")]
    public static partial void TokenRefused(this ILogger log, IPAddress address);

    [LoggerMessage(201, LogLevel.Information, "Renewed the TLS certificate; it is valid until {NotAfter:u}")]
    public static partial void CertificateRenewed(this ILogger log, DateTime notAfter);

    [LoggerMessage(202, LogLevel.Warning, "The TLS certificate {Path} expires at {NotAfter:u}; replace it")]
    public static partial void CertificateExpires(this ILogger log, string path, DateTime notAfter);

    [LoggerMessage(203, LogLevel.Warning, "Going on with the TLS certificate in memory: {Reason}")]
    public static partial void CertificateUnreadable(this ILogger log, string reason);

    [LoggerMessage(204, LogLevel.Warning, "The last use of the token {Token} was not noted: {Reason}")]
    public static partial void UseNotNoted(this ILogger log, string token, string reason);

    [LoggerMessage(300, LogLevel.Error, "{Method} {Path} failed by a defect of the server (incident {Incident})")]
    public static partial void RequestFailed(this ILogger log, Exception exception, string method, string path, string incident);

    [LoggerMessage(301, LogLevel.Information, "{Actor}: {Action} → {Status}")]
    public static partial void Audited(this ILogger log, string actor, string action, int status);

    [LoggerMessage(302, LogLevel.Error, "The audit line of '{Action}' by {Actor} was not written")]
    public static partial void NotAudited(this ILogger log, Exception exception, string action, string actor);

    [LoggerMessage(400, LogLevel.Information, "Host {Host} is connected: libvirt {Libvirt}, QEMU {Qemu}, guests run by {Virtualization}")]
    public static partial void HostConnected(this ILogger log, string host, string? libvirt, string? qemu, string virtualization);

    [LoggerMessage(401, LogLevel.Warning, "Host {Host} is not connected: {Reason}. Ramet serves what it knows, and keeps trying")]
    public static partial void HostDisconnected(this ILogger log, string host, string? reason);

    [LoggerMessage(402, LogLevel.Error, "Operations left by the last run could not be taken up")]
    public static partial void RecoveryFailed(this ILogger log, Exception exception);

    [LoggerMessage(403, LogLevel.Error, "An event of a host was not told: {Kind}")]
    public static partial void EventLost(this ILogger log, Exception exception, Core.Hosts.HypervisorEventKind kind);
}
