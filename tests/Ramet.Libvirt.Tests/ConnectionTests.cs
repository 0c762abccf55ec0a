using System.Xml.Linq;

namespace Ramet.Libvirt.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public void Tells_versions_host_and_capabilities()
    {
        using var connection = TestDriver.Open();

        Assert.True(connection.GetLibraryVersion() >= new Version(9, 0, 0));
        Assert.Equal("TEST", connection.GetDriverType(), ignoreCase: true);
        Assert.NotEmpty(connection.GetHostName());
        Assert.True(connection.IsAlive);
        Assert.Equal("capabilities", XDocument.Parse(connection.GetCapabilitiesXml()).Root!.Name.LocalName);
        var node = connection.GetNodeInfo();
        Assert.True(node is { Cpus: > 0, MemoryBytes: > 1 << 20, CpuModel.Length: > 0 });
    }

    [Fact]
    public void A_daemon_that_is_not_there_is_disconnected()
    {
        using (TestDriver.Open())
        {
        }

        var error = Assert.Throws<LibvirtException>(() => Connection.Open("qemu+unix:///system?socket=/nonexistent/libvirt-sock"));

        Assert.Equal(LibvirtErrorKind.Disconnected, error.Kind);
        Assert.Equal("virConnectOpen", error.Function);
        Assert.Contains("/nonexistent/libvirt-sock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_completes_Closed_and_the_subscribers_channel()
    {
        var events = System.Threading.Channels.Channel.CreateUnbounded<DomainEvent>();
        var connection = TestDriver.Open();
        connection.SubscribeDomainEvents(events.Writer);

        connection.Dispose();
        connection.Dispose();

        Assert.Equal(CloseReason.Client, await connection.Closed);
        await events.Reader.Completion.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.Throws<ObjectDisposedException>(() => connection.GetHostName());
    }

    [Fact]
    public void Handles_may_be_released_in_any_order()
    {
        var connection = TestDriver.Open();
        using var domain = connection.FindDomain("test");
        connection.Dispose();

        Assert.Equal(DomainState.Running, domain!.GetState().State);
    }

    [Fact]
    public void Threads_share_a_connection_and_keep_their_own_errors()
    {
        using var connection = TestDriver.Open();

        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 50; i++)
            {
                var uuid = Guid.NewGuid();
                using var domain = connection.DefineDomain(TestDriver.DomainXml($"worker-{worker}-{i}", uuid));
                var error = Assert.Throws<LibvirtException>(() => domain.Destroy());
                Assert.Equal((LibvirtErrorKind.InvalidState, $"worker-{worker}-{i}"), (error.Kind, error.Subject));
                Assert.Null(connection.FindDomain(Guid.NewGuid()));
                domain.Undefine();
            }
        });

        Assert.Equal("test", Assert.Single(connection.GetDomainStates()).Name);
    }
}
