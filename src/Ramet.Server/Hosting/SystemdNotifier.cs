using System.Net.Sockets;
using System.Text;
using Ramet.Server.Logging;

namespace Ramet.Server.Hosting;

/// <summary>Tells systemd how the service stands (sd_notify(3)): one datagram to the socket that it names.</summary>
internal static class SystemdNotifier
{
    public static string? SocketPath => Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

    /// <param name="path">Where systemd listens; null when it did not start us.</param>
    public static void Notify(string? path, string state, ILogger log)
    {
        if (string.IsNullOrEmpty(path))
            return;

        try
        {
            // '@' stands for the abstract namespace, which the kernel marks by a NUL.
            var endpoint = new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), endpoint);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            log.NotNotified(state, e.Message);
        }
    }
}
