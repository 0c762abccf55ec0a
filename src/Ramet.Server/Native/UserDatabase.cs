using System.Runtime.InteropServices;

namespace Ramet.Server.Native;

/// <summary>The system's users and groups (getpwuid_r(3), getgrnam_r(3), getgrouplist(3)): files, LDAP, whatever nsswitch names.</summary>
internal static partial class UserDatabase
{
    private const int MaxBuffer = 1 << 20;

    /// <summary>Login name and primary group of a user; null when there is no such user.</summary>
    public static unsafe (string Name, uint Group)? FindUser(uint uid)
    {
        for (var size = 1024; size <= MaxBuffer; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* pointer = buffer)
            {
                var error = GetPwUid(uid, out var entry, pointer, (nuint)size, out var found);
                if (error == ERANGE)
                    continue;
                return error == 0 && found != 0 ? (Marshal.PtrToStringUTF8((nint)entry.Name)!, entry.Group) : null;
            }
        }

        return null;
    }

    /// <summary>A group's id; null when there is no such group.</summary>
    public static unsafe uint? FindGroup(string name)
    {
        for (var size = 1024; size <= MaxBuffer; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* pointer = buffer)
            {
                var error = GetGrNam(name, out var entry, pointer, (nuint)size, out var found);
                if (error == ERANGE)
                    continue;
                return error == 0 && found != 0 ? entry.Id : null;
            }
        }

        return null;
    }

    /// <summary>All groups of a user, the primary one included.</summary>
    public static IReadOnlyList<uint> GroupsOf(string user, uint primary)
    {
        var groups = new uint[64];
        while (true)
        {
            var count = groups.Length;
            if (GetGroupList(user, primary, groups, ref count) >= 0)
                return groups[..count];
            // The count says how many there are; a C library that leaves it alone must not keep us here.
            groups = new uint[Math.Max(count, groups.Length * 2)];
        }
    }

    public static uint EffectiveUserId => GetEuid();

    private const int ERANGE = 34;

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static unsafe partial int GetPwUid(uint uid, out PasswordEntry entry, byte* buffer, nuint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetGrNam(string name, out GroupEntry entry, byte* buffer, nuint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetGroupList(string user, uint group, [Out] uint[] groups, ref int count);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEuid();

    /// <summary>struct passwd of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct PasswordEntry
    {
        public byte* Name;
        public byte* Password;
        public uint User;
        public uint Group;
        public byte* Gecos;
        public byte* Home;
        public byte* Shell;
    }

    /// <summary>struct group of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct GroupEntry
    {
        public byte* Name;
        public byte* Password;
        public uint Id;
        public byte** Members;
    }
}
