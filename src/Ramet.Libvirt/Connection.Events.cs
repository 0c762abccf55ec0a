using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <summary>virConnectCloseReason; <see cref="Client"/> also stands for a Dispose.</summary>
public enum CloseReason
{
    Error = 0,
    EndOfFile = 1,
    KeepAlive = 2,
    Client = 3,
}

/// <content>
/// Events. Callbacks run on the event loop's thread; they copy what they got and write it to the subscriber's channel, which
/// neither blocks nor throws, so that no subscriber can hold the loop.
/// </content>
public sealed unsafe partial class Connection
{
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _subscriptions = [];
    private readonly Lock _gate = new();
    private bool _watchesClose;

    /// <summary>Completes when the daemon or its socket goes away, or when this object is disposed. Never fails.</summary>
    public Task<CloseReason> Closed => _closed.Task;

    /// <summary>
    /// Writes every domain's events into the channel (unbounded, or it loses events) until the connection closes, and completes the
    /// channel then. To miss nothing, subscribe first and list afterwards.
    /// </summary>
    public void SubscribeDomainEvents(ChannelWriter<DomainEvent> events)
    {
        delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, int> lifecycle = &OnLifecycle;
        delegate* unmanaged[Cdecl]<nint, nint, nint, void> reboot = &OnReboot;
        delegate* unmanaged[Cdecl]<nint, nint, byte*, byte*, int, byte*, nint, void> ioError = &OnIoError;
        delegate* unmanaged[Cdecl]<nint, nint, byte*, nint, void> deviceRemoved = &OnDeviceRemoved;
        delegate* unmanaged[Cdecl]<nint, nint, byte*, int, int, nint, void> blockJob = &OnBlockJob;
        delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> agent = &OnAgent;
        Register(0, lifecycle, events);
        Register(1, reboot, events);
        Register(6, ioError, events);
        Register(15, deviceRemoved, events);
        Register(16, blockJob, events);
        Register(18, agent, events);
        Closed.ContinueWith(
            static (_, channel) => ((ChannelWriter<DomainEvent>)channel!).TryComplete(), events,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Register(int eventId, void* callback, ChannelWriter<DomainEvent> events)
    {
        var state = CallbackState.Create(events);
        var id = VirConnect.virConnectDomainEventRegisterAny(_handle, 0, eventId, callback, state, &CallbackState.Free);
        if (id < 0)
        {
            var error = LibvirtException.Last(nameof(VirConnect.virConnectDomainEventRegisterAny), Uri);
            CallbackState.Release(state);
            throw error;
        }

        lock (_gate)
            _subscriptions.Add(id);
    }

    private void WatchClose()
    {
        var state = CallbackState.Create(_closed);
        _watchesClose = VirConnect.virConnectRegisterCloseCallback(_handle, &OnClose, state, &CallbackState.Free) == 0;
        if (_watchesClose)
            return;
        var error = LibvirtException.Last(nameof(VirConnect.virConnectRegisterCloseCallback), Uri);
        CallbackState.Release(state);
        // Drivers inside this process (test:///) have nothing that could go away.
        if (error.Kind != LibvirtErrorKind.Unsupported)
            throw error;
    }

    /// <summary>Registered callbacks hold references to the connection: without this its socket would stay open.</summary>
    private void StopCallbacks()
    {
        lock (_gate)
        {
            // On a connection that broke these fail, having removed the local registration first, which is what counts here.
            foreach (var id in _subscriptions)
                _ = VirConnect.virConnectDomainEventDeregisterAny(_handle, id);
            _subscriptions.Clear();
            if (_watchesClose)
                _ = VirConnect.virConnectUnregisterCloseCallback(_handle, &OnClose);
            _watchesClose = false;
        }

        _closed.TrySetResult(CloseReason.Client);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnClose(nint connection, int reason, nint opaque) =>
        CallbackState.Get<TaskCompletionSource<CloseReason>>(opaque).TrySetResult((CloseReason)reason);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnLifecycle(nint connection, nint domain, int change, int detail, nint opaque)
    {
        var (uuid, name) = Identify(domain);
        Publish(opaque, new LifecycleEvent(uuid, name, (LifecycleChange)change, detail));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnReboot(nint connection, nint domain, nint opaque)
    {
        var (uuid, name) = Identify(domain);
        Publish(opaque, new RebootEvent(uuid, name));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnIoError(nint connection, nint domain, byte* path, byte* device, int action, byte* reason, nint opaque)
    {
        var (uuid, name) = Identify(domain);
        Publish(opaque, new IoErrorEvent(
            uuid, name, NativeText.Borrow(path), NativeText.Borrow(device), (IoErrorAction)action, NativeText.Borrow(reason)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDeviceRemoved(nint connection, nint domain, byte* device, nint opaque)
    {
        var (uuid, name) = Identify(domain);
        Publish(opaque, new DeviceRemovedEvent(uuid, name, NativeText.Borrow(device)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnBlockJob(nint connection, nint domain, byte* disk, int type, int status, nint opaque)
    {
        var (uuid, name) = Identify(domain);
        Publish(opaque, new BlockJobEvent(uuid, name, NativeText.Borrow(disk), (BlockJobType)type, (BlockJobStatus)status));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnAgent(nint connection, nint domain, int state, int reason, nint opaque)
    {
        const int connected = 1;
        var (uuid, name) = Identify(domain);
        Publish(opaque, new AgentEvent(uuid, name, state == connected));
    }

    private static void Publish(nint opaque, DomainEvent happened) => CallbackState.Get<ChannelWriter<DomainEvent>>(opaque).TryWrite(happened);

    /// <summary>Both are kept in the virDomain object itself: no call to the daemon.</summary>
    private static (Guid Uuid, string Name) Identify(nint domain)
    {
        Span<byte> uuid = stackalloc byte[16];
        fixed (byte* p = uuid)
            return VirDomain.virDomainGetUUIDRaw(domain, p) < 0
                ? (Guid.Empty, NativeText.Borrow(VirDomain.virDomainGetNameRaw(domain)))
                : (new Guid(uuid, bigEndian: true), NativeText.Borrow(VirDomain.virDomainGetNameRaw(domain)));
    }
}
