using Ramet.Testing;
using Ramet.Testing.Live;

namespace Ramet.Vm.Tests;

/// <summary>A private libvirt, a real server on it, and the real Debian image: built once, shared by all tests with guests.</summary>
public sealed class ClassFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly PrivateLibvirt _libvirt = new();

    public RametServer Server { get; private set; } = null!;

    public string Libvirt => _libvirt.Uri;

    public string Folder => _folder.Path;

    public string Image { get; private set; } = "";

    public Guest Guest(string name) => new(Libvirt, name);

    public async ValueTask InitializeAsync()
    {
        await _libvirt.InitializeAsync();
        Image = (await LiveTools.RunAsync(Path.Combine(LiveTools.Root, "eng/images/debian12"))).Trim();
        Server = new RametServer(_folder.Path, Libvirt);
        await Server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _libvirt.DisposeAsync();
        _folder.Dispose();
    }
}
