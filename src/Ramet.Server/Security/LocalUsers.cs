using System.Buffers.Binary;
using System.Net.Sockets;
using Ramet.Server.Native;

namespace Ramet.Server.Security;

/// <summary>Who is at the other end of a connection to the unix socket.</summary>
/// <param name="Actor">"uid:0 (root)".</param>
internal sealed record LocalCaller(string Actor, bool IsAdministrator);

/// <summary>
/// Knows callers by the kernel's word (SO_PEERCRED, unix(7)): uid and gid of the process that connected, as they were then.
/// Administrators are root, the user that the server itself runs as, and the members of one group.
/// </summary>
internal sealed class LocalUsers(string administratorGroup)
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;

    public LocalCaller Identify(Socket connection)
    {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> credentials = stackalloc byte[12];
        connection.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials);
        return Identify(
            BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]), BinaryPrimitives.ReadUInt32LittleEndian(credentials[8..]));
    }

    /// <param name="group">The process's group, which need not be the user's primary one (newgrp(1)).</param>
    internal LocalCaller Identify(uint uid, uint group)
    {
        var user = UserDatabase.FindUser(uid);
        var actor = user is { } known ? $"uid:{uid} ({known.Name})" : $"uid:{uid}";
        return new(actor, uid == 0 || uid == UserDatabase.EffectiveUserId || IsMember(user, group));
    }

    /// <summary>The group is looked up each time: it may be made, and members added, while the server runs.</summary>
    private bool IsMember((string Name, uint Group)? user, uint group)
    {
        if (UserDatabase.FindGroup(administratorGroup) is not { } administrators)
            return false;
        return group == administrators
            || (user is { } known && UserDatabase.GroupsOf(known.Name, known.Group).Contains(administrators));
    }
}
