using System.Xml.Linq;

namespace Ramet.Libvirt.Tests;

public sealed class NetworkTests
{
    [Fact]
    public void A_network_lives_from_define_to_undefine()
    {
        using var connection = TestDriver.Open();
        using var network = connection.DefineNetwork(
            "<network><name>lab</name><bridge name='lab0'/><ip address='192.168.99.1' netmask='255.255.255.0'/></network>");

        Assert.False(network.IsActive);
        network.Start();
        Assert.True(network.IsActive);
        Assert.Equal("lab0", network.GetBridgeName());
        Assert.Equal(network.Uuid.ToString(), XDocument.Parse(network.GetXml()).Root!.Element("uuid")!.Value);
        Assert.Equal(["default", "lab"], connection.ListNetworks().Select(n => n.Name).Order());
        network.Autostart = true;
        Assert.True(network.Autostart);
        network.Destroy();
        network.Undefine();

        Assert.Null(connection.FindNetwork("lab"));
    }

    [Fact]
    public void What_a_driver_lacks_is_unsupported()
    {
        using var connection = TestDriver.Open();
        using var network = connection.FindNetwork("default")!;

        var error = Assert.Throws<LibvirtException>(() => network.GetDhcpLeases());

        Assert.Equal((LibvirtErrorKind.Unsupported, "default"), (error.Kind, error.Subject));
    }
}
