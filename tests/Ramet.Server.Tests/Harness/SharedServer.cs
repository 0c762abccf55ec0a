using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

/// <summary>One server for the tests of a class that leave it as they found it, but for VMs of names of their own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
