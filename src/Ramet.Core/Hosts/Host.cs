namespace Ramet.Core.Hosts;

/// <summary>A hypervisor reached by a libvirt URI.</summary>
public sealed class Host
{
    public Guid Id { get; init; }

    /// <summary>Unique; "default" for the one made at first start.</summary>
    public required string Name { get; set; }

    /// <summary>libvirt connection URI, such as <c>qemu:///system</c>.</summary>
    public required string Uri { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
