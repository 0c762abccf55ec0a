using System.Runtime.InteropServices;
using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <summary>
/// libvirt's own event loop, run by one dedicated background thread of this process. It delivers events, stream readiness and
/// keep-alives of every connection. libvirt takes one event implementation per process and needs it registered before the
/// first connection opens; it cannot be taken back, so the thread ends with the process.
/// No callback that runs on it may block or call libvirt over the wire: each copies what it got and hands it over.
/// </summary>
internal static class EventLoop
{
    private static readonly Lock Gate = new();
    private static bool _started;

    /// <summary>Loads and initialises the library and starts the loop, once.</summary>
    public static unsafe void EnsureStarted()
    {
        lock (Gate)
        {
            if (_started)
                return;
            try
            {
                NativeLibrary.Load(VirError.Library);
            }
            catch (DllNotFoundException e)
            {
                throw new LibvirtException(
                    LibvirtErrorKind.LibraryMissing, "dlopen", VirError.Library, 0, 0, "the library is not installed (Debian: apt-get install libvirt0)", e);
            }

            LibvirtException.Check(VirError.virInitialize(), nameof(VirError.virInitialize), VirError.Library);
            VirError.virSetErrorFunc(0, &VirError.Silent);
            LibvirtException.Check(VirConnect.virEventRegisterDefaultImpl(), nameof(VirConnect.virEventRegisterDefaultImpl), VirError.Library);
            new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
            _started = true;
        }
    }

    private static void Run()
    {
        // An iteration fails only on a defect in the process's set of descriptors. Going on would spin, going without
        // would leave every wait for an event hanging: an unhandled exception says it loudest.
        while (true)
            LibvirtException.Check(VirConnect.virEventRunDefaultImpl(), nameof(VirConnect.virEventRunDefaultImpl), "the event loop");
    }
}
