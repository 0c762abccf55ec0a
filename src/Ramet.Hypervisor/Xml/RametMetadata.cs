using System.Xml.Linq;

namespace Ramet.Hypervisor.Xml;

/// <summary>The mark of a domain under management: <c>&lt;ramet:vm id='…'/&gt;</c> in its metadata.</summary>
internal static class RametMetadata
{
    public const string Namespace = "https://ramet.dev/xmlns/domain/1.0";

    private static readonly XNamespace Ramet = Namespace;

    public static XElement Element(Guid vmId) =>
        new(Ramet + "vm", new XAttribute(XNamespace.Xmlns + "ramet", Namespace), new XAttribute("id", vmId));

    /// <summary>The VM id in a domain definition; null where there is none.</summary>
    public static Guid? Read(XElement domain) => Id(domain.Element("metadata")?.Element(Ramet + "vm"));

    /// <summary>The VM id of what virDomainGetMetadata answers: the element alone, which libvirt hands out without its namespace.</summary>
    public static Guid? ReadFragment(string? text) => text is null ? null : Id(XElement.Parse(text));

    public static void Write(XElement domain, Guid vmId)
    {
        var metadata = domain.Element("metadata");
        if (metadata is null)
        {
            // libvirt's schema interleaves, so the place does not matter; beside the name it reads best.
            metadata = new XElement("metadata");
            domain.Element("uuid")!.AddAfterSelf(metadata);
        }

        metadata.Elements(Ramet + "vm").Remove();
        metadata.Add(Element(vmId));
    }

    private static Guid? Id(XElement? mark) => Guid.TryParse(mark?.Attribute("id")?.Value, out var id) ? id : null;
}
