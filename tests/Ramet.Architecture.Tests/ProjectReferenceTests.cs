using System.Xml.Linq;

namespace Ramet.Architecture.Tests;

/// <summary>Holds every ProjectReference under src/ against the written list below: arrows point down only.</summary>
public sealed class ProjectReferenceTests
{
    /// <summary>The direction of dependency, as ARCHITECTURE.md draws it. A new arrow is a decision: change both.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Ramet.Block"] = [],
        ["Ramet.Qcow2"] = ["Ramet.Block"],
        ["Ramet.Images"] = ["Ramet.Block", "Ramet.Qcow2"],
        ["Ramet.Libvirt"] = [],
        ["Ramet.Core"] = [],
        ["Ramet.Storage"] = ["Ramet.Core", "Ramet.Images"],
        ["Ramet.Hypervisor"] = ["Ramet.Core", "Ramet.Libvirt"],
        ["Ramet.Catalog"] = ["Ramet.Core"],
        ["Ramet.Contracts"] = [],
        ["Ramet.Client"] = ["Ramet.Contracts"],
        ["Ramet.Cli"] = ["Ramet.Client", "Ramet.Contracts"],
        ["Ramet.Server"] = ["Ramet.Catalog", "Ramet.Contracts", "Ramet.Core", "Ramet.Hypervisor", "Ramet.Storage"],
    };

    [Fact]
    public void Every_project_references_exactly_what_the_list_says()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(p => Path.GetFileNameWithoutExtension(p), References);

        Assert.Equal(Allowed.Keys.Order(), found.Keys.Order());
        foreach (var (project, references) in found)
            Assert.Equal(Allowed[project].Order(), references.Order());
    }

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))];
}
