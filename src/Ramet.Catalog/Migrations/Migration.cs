using System.Globalization;

namespace Ramet.Catalog.Migrations;

/// <summary>One numbered step of the schema: the file <c>Migrations/DATABASE/NNNN_name.sql</c>. Once released it never changes.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>Those of a database, ascending from 1 without a gap.</summary>
    public static IReadOnlyList<Migration> LoadAll(CatalogProvider provider)
    {
        var assembly = typeof(Migration).Assembly;
        var folder = $"{provider}/";
        return [.. assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => new Migration(int.Parse(n.AsSpan(folder.Length, 4), CultureInfo.InvariantCulture), n[(folder.Length + 5)..^4], Read(n)))];

        string Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            return reader.ReadToEnd();
        }
    }
}
