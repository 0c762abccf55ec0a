using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Ramet.Benchmarks;

/// <summary>One line: Ramet beside a named peer, in one run on one machine. Smaller is better in every unit used here.</summary>
internal sealed record Comparison(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("ramet")] double Ramet,
    [property: JsonPropertyName("peer")] double Peer,
    [property: JsonPropertyName("peer_name")] string PeerName,
    [property: JsonPropertyName("unit")] string Unit)
{
    /// <summary>Over 1: Ramet is better.</summary>
    [JsonPropertyName("ratio")]
    public double Ratio => Math.Round(Peer / Ramet, 2);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Print(string title, IReadOnlyList<Comparison> rows, string? json)
    {
        var table = new Table().Title(title).Border(TableBorder.Simple).AddColumns("", "Ramet", "peer", "ratio", "peer is");
        foreach (var column in table.Columns.Skip(1).Take(3))
            column.RightAligned();
        foreach (var row in rows)
            table.AddRow(row.Name, $"{row.Ramet:0.###} {row.Unit}", $"{row.Peer:0.###} {row.Unit}", $"{row.Ratio:0.##} ×", row.PeerName);
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 160;
        AnsiConsole.Write(table);
        if (json is not null)
            File.WriteAllText(json, JsonSerializer.Serialize(rows, Indented));
    }
}
