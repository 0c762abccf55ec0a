using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Native;

/// <summary>virterror.h. The last error is thread-local and lives until the next libvirt call on that thread.</summary>
internal static unsafe partial class VirError
{
    public const string Library = "libvirt.so.0";

    [LibraryImport(Library)]
    public static partial int virInitialize();

    [LibraryImport(Library)]
    public static partial Layout* virGetLastError();

    [LibraryImport(Library)]
    public static partial void virSetErrorFunc(nint userData, delegate* unmanaged[Cdecl]<nint, Layout*, void> handler);

    /// <summary>Stands in for libvirt's default error function, which prints to stderr: every error reaches the caller as an exception.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Silent(nint userData, Layout* error)
    {
    }

    /// <summary>struct _virError, up to the last field that is read here.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Layout
    {
        public int Code;
        public int Domain;
        public byte* Message;
    }
}
