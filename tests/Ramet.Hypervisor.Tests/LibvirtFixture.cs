using Ramet.Hypervisor.Tests;
using Ramet.Testing;

[assembly: AssemblyFixture(typeof(LibvirtFixture))]

namespace Ramet.Hypervisor.Tests;

/// <summary>One private daemon and one driver for the whole run; started by the first test that asks.</summary>
public sealed class LibvirtFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private PrivateLibvirt? _daemon;
    private LibvirtHypervisor? _hypervisor;

    /// <summary>Where guests' disks go.</summary>
    public string Disks { get; private set; } = "";

    public string ConsoleLogs => Path.Combine(Disks, "consoles");

    internal PrivateLibvirt Daemon => _daemon!;

    internal async Task<LibvirtHypervisor> HypervisorAsync()
    {
        PrivateLibvirt.Demand();
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_hypervisor is not null)
                return _hypervisor;
            if (_daemon is null)
            {
                var daemon = new PrivateLibvirt();
                await daemon.InitializeAsync();
                _daemon = daemon;
            }

            Disks = Directory.CreateDirectory(Path.Combine(_daemon.Folder, "disks")).FullName;
            var hypervisor = New();
            await hypervisor.StartAsync(CancellationToken.None);
            Assert.Null(hypervisor.Status.Error);
            return _hypervisor = hypervisor;
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Another driver of the same daemon, not started.</summary>
    internal LibvirtHypervisor New() =>
        new(new LibvirtHypervisorOptions(_daemon!.Uri, Path.Combine(_daemon.Folder, "state"), ConsoleLogs), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (_hypervisor is not null)
            await _hypervisor.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _once.Dispose();
    }
}
