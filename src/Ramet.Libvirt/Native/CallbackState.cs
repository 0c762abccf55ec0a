using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Native;

/// <summary>
/// The opaque pointer of a callback: a GCHandle that libvirt frees through <see cref="Free"/> once no callback can run any more.
/// When a registration fails libvirt does not call it: the caller releases the handle then.
/// </summary>
internal static class CallbackState
{
    public static nint Create(object state) => GCHandle.ToIntPtr(GCHandle.Alloc(state));

    public static T Get<T>(nint opaque) where T : class => (T)GCHandle.FromIntPtr(opaque).Target!;

    public static void Release(nint opaque) => GCHandle.FromIntPtr(opaque).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Free(nint opaque) => Release(opaque);
}
