using System.Text;
using Spectre.Console;

namespace Ramet.Cli.Views;

/// <summary>A table's field.</summary>
internal readonly record struct Cell(string? Text, Look? Look = null)
{
    public static implicit operator Cell(string? text) => new(text);

    public static Cell State(string? state) => new(state, Look.OfState(state));
}

/// <summary>
/// A table: drawn by Spectre on a terminal; in a pipe aligned columns with at least two spaces between and "-" for nothing,
/// so that a script can split at two spaces.
/// </summary>
internal sealed class TableView(params string[] headers)
{
    private readonly HashSet<int> _right = [];
    private readonly List<Cell[]> _rows = [];
    private Cell[]? _total;

    public int Count => _rows.Count;

    /// <summary>Columns of numbers.</summary>
    public TableView AlignRight(params int[] columns)
    {
        _right.UnionWith(columns);
        return this;
    }

    public void Row(params Cell[] cells) => _rows.Add(cells);

    public void Total(params Cell[] cells) => _total = cells;

    /// <param name="screen">Where to.</param>
    /// <param name="whenEmpty">Said instead of an empty table, on a terminal.</param>
    public void Write(Screen screen, string whenEmpty)
    {
        if (_rows.Count == 0 && screen.IsTerminal)
            screen.Line(whenEmpty, Look.Faint);
        else if (screen.IsTerminal)
            WriteDrawn(screen);
        else
            WritePlain(screen.Writer);
    }

    private void WriteDrawn(Screen screen)
    {
        var table = new Table { Border = TableBorder.Simple, ShowFooters = _total is not null };
        for (var i = 0; i < headers.Length; i++)
        {
            var column = new TableColumn(new Text(headers[i], Look.Strong.Style)) { Alignment = _right.Contains(i) ? Justify.Right : Justify.Left };
            if (_total is not null)
                column.Footer = new Text(Plain.Text(_total[i].Text), Look.Strong.Style);
            table.AddColumn(column);
        }

        foreach (var row in _rows)
            table.AddRow(row.Select(c => new Text(Plain.Text(c.Text), c.Look?.Style)));
        screen.Spectre.Write(table);
    }

    private void WritePlain(TextWriter to)
    {
        IEnumerable<string[]> all = [[.. headers.Select(h => h.ToUpperInvariant())], .. _rows.Select(Texts)];
        if (_total is not null)
            all = all.Append(Texts(_total));
        var lines = all.ToList();
        var widths = new int[headers.Length];
        foreach (var line in lines)
        {
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Max(widths[i], line[i].Length);
        }

        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Clear();
            for (var i = 0; i < widths.Length; i++)
            {
                if (i > 0)
                    text.Append("  ");
                text.Append(_right.Contains(i) ? line[i].PadLeft(widths[i]) : line[i].PadRight(widths[i]));
            }

            to.WriteLine(text.ToString().TrimEnd());
        }

        static string[] Texts(Cell[] cells) => [.. cells.Select(c => c.Text is { Length: > 0 } t ? Plain.Text(t) : "-")];
    }
}
