using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Ramet.Core.Errors;
using Ramet.Server.Logging;
using Ramet.Server.Native;
using Ramet.Server.Options;
using Ramet.Server.Security;

namespace Ramet.Server.Hosting;

/// <summary>
/// The unix socket: root's, open to the administrators' group (0660). Owner and mode are set between bind(2) and listen(2),
/// so that there is no instant at which somebody else could get in.
/// </summary>
internal static class LocalSocket
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private const UnixFileMode FolderMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        var users = kestrel.ApplicationServices.GetRequiredService<LocalUsers>();
        kestrel.ListenUnixSocket(options.Socket, listen => listen.Use(next => connection =>
        {
            connection.Features.Set(users.Identify(connection.Features.Get<IConnectionSocketFeature>()!.Socket));
            return next(connection);
        }));
    }

    /// <summary>The bound socket, not listening yet.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.Busy"/>, <see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static Socket Bind(ServerOptions options, ILogger log)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.Socket)!, FolderMode);
        RemoveStale(options.Socket);
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new UnixDomainSocketEndPoint(options.Socket));
        try
        {
            File.SetUnixFileMode(options.Socket, Mode);
            if (UserDatabase.FindGroup(options.Group) is not { } group)
                log.NoGroup(options.Group, options.Socket);
            else if (UserDatabase.EffectiveUserId == 0)
                FileNode.ChangeOwner(options.Socket, 0, group);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes what a killed server left; never a socket that somebody listens on, never anything else.</summary>
    private static void RemoveStale(string path)
    {
        if (FileNode.TypeOf(path) is not { } type)
            return;
        if (type != FileNode.Socket)
            throw new RametException(ErrorKind.InvalidArgument, $"{path} is there and is not a socket", "name another path with --socket", path);

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new RametException(
            ErrorKind.Busy, $"another server listens on {path}", "stop it, or name another path with --socket", path);
    }
}
