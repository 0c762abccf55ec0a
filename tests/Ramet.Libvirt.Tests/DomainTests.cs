using System.Threading.Channels;
using System.Xml.Linq;

namespace Ramet.Libvirt.Tests;

public sealed class DomainTests
{
    private const string Namespace = "https://ramet.dev/xmlns/test/1.0";

    [Fact]
    public void A_definition_lives_from_define_to_undefine()
    {
        using var connection = TestDriver.Open();
        var uuid = Guid.NewGuid();
        using var domain = connection.DefineDomain(TestDriver.DomainXml("sämling", uuid), validate: true);

        Assert.Equal(("sämling", uuid), (domain.Name, domain.Uuid));
        Assert.True(domain.IsPersistent);
        Assert.Equal(DomainState.ShutOff, domain.GetState().State);
        domain.Start();
        Assert.Equal(DomainState.Running, domain.GetState().State);
        Assert.Equal(2, domain.GetInfo().VirtualCpus);
        Assert.Equal(64L << 20, domain.GetInfo().MaxMemoryBytes);
        domain.Destroy();
        domain.Autostart = true;
        Assert.True(domain.Autostart);
        domain.Undefine();

        Assert.Null(connection.FindDomain(uuid));
        Assert.Null(connection.FindDomain("sämling"));
    }

    [Fact]
    public void The_uuid_has_the_byte_order_of_its_text()
    {
        using var connection = TestDriver.Open();
        using var domain = connection.FindDomain("test")!;

        var text = XDocument.Parse(domain.GetXml()).Root!.Element("uuid")!.Value;

        Assert.Equal(text, domain.Uuid.ToString());
        using var again = connection.FindDomain(domain.Uuid);
        Assert.Equal("test", again!.Name);
    }

    [Fact]
    public void Lists_states_of_all_domains_in_one_call()
    {
        using var connection = TestDriver.Open();
        var uuid = Guid.NewGuid();
        connection.DefineDomain(TestDriver.DomainXml("idle", uuid)).Dispose();

        var states = connection.GetDomainStates().OrderBy(s => s.Name).ToList();

        Assert.Equal([("idle", DomainState.ShutOff), ("test", DomainState.Running)], states.Select(s => (s.Name, s.State)));
        Assert.Equal(uuid, states[0].Uuid);
        var inactive = connection.ListDomains(DomainFilter.Inactive);
        Assert.Equal("idle", Assert.Single(inactive).Name);
        Assert.Equal(2, connection.ListDomains().Count);
    }

    [Fact]
    public void A_transient_domain_is_gone_when_it_stops()
    {
        using var connection = TestDriver.Open();
        using var domain = connection.StartTransientDomain(TestDriver.DomainXml("brief", Guid.NewGuid()));
        Assert.False(domain.IsPersistent);

        domain.Destroy();

        Assert.Null(connection.FindDomain("brief"));
    }

    [Fact]
    public void Errors_carry_a_kind_the_object_and_libvirts_numbers()
    {
        using var connection = TestDriver.Open();
        using var domain = connection.FindDomain("test")!;

        domain.Destroy();
        var stopped = Assert.Throws<LibvirtException>(() => domain.Destroy());
        Assert.Equal((LibvirtErrorKind.InvalidState, 55, "test"), (stopped.Kind, stopped.Code, stopped.Subject));
        domain.Start();
        var xml = Assert.Throws<LibvirtException>(() => connection.DefineDomain("<domain type='test'><name>x</name>"));
        Assert.Equal(LibvirtErrorKind.InvalidInput, xml.Kind);
        var device = Assert.Throws<LibvirtException>(() => domain.GetBlockStats("nope"));
        Assert.Equal(LibvirtErrorKind.InvalidInput, device.Kind);
        var agent = Assert.Throws<LibvirtException>(() => domain.SendAgentCommand("{}", TimeSpan.FromSeconds(1)));
        Assert.Equal(LibvirtErrorKind.Unsupported, agent.Kind);
    }

    [Fact]
    public void Metadata_is_set_read_replaced_and_removed()
    {
        using var connection = TestDriver.Open();
        using var domain = connection.FindDomain("test")!;
        Assert.Null(domain.GetMetadata(Namespace));

        domain.SetMetadata(Namespace, "t", "<vm id='1'/>");
        domain.SetMetadata(Namespace, "t", "<vm id='2'/>");

        Assert.Equal("2", XElement.Parse(domain.GetMetadata(Namespace)!).Attribute("id")!.Value);
        domain.SetMetadata(Namespace, "t", null);
        Assert.Null(domain.GetMetadata(Namespace));
    }

    [Fact]
    public void Guest_interfaces_are_read_with_their_addresses()
    {
        using var connection = TestDriver.Open();
        using var domain = connection.DefineDomain(
            "<domain type='test'><name>nic</name><memory unit='MiB'>64</memory><os><type>hvm</type></os><devices><interface type='network'>" +
            "<source network='default'/><mac address='52:54:00:00:00:01'/></interface></devices></domain>");
        domain.Start();

        var nic = Assert.Single(domain.GetInterfaceAddresses(AddressSource.Lease));

        Assert.Equal("52:54:00:00:00:01", nic.Mac);
        Assert.StartsWith("192.168.122.", Assert.Single(nic.Addresses).Address, StringComparison.Ordinal);
        Assert.Equal(24, nic.Addresses[0].PrefixLength);
    }

    [Fact]
    public async Task Lifecycle_events_arrive_in_order()
    {
        using var connection = TestDriver.Open();
        var events = Channel.CreateUnbounded<DomainEvent>();
        connection.SubscribeDomainEvents(events.Writer);
        using var domain = connection.DefineDomain(TestDriver.DomainXml("watched", Guid.NewGuid()));
        domain.Start();
        domain.Destroy();
        domain.Undefine();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var seen = new List<LifecycleChange>();
        while (seen.Count < 4)
        {
            var change = Assert.IsType<LifecycleEvent>(await events.Reader.ReadAsync(patience.Token));
            Assert.Equal((domain.Uuid, "watched"), (change.Uuid, change.Name));
            seen.Add(change.Change);
        }

        Assert.Equal([LifecycleChange.Defined, LifecycleChange.Started, LifecycleChange.Stopped, LifecycleChange.Undefined], seen);
    }
}
