namespace Ramet.Cli.Views;

/// <summary>One object: a line per field, names aligned.</summary>
internal sealed class CardView
{
    private readonly List<(string Name, Cell Value)> _fields = [];

    /// <summary>Fields without a value are left out.</summary>
    public CardView Field(string name, Cell value)
    {
        if (!string.IsNullOrEmpty(value.Text))
            _fields.Add((name, value));
        return this;
    }

    public void Write(Screen screen, string indent = "")
    {
        var width = _fields.Count == 0 ? 0 : _fields.Max(f => f.Name.Length) + 2;
        foreach (var (name, value) in _fields)
            screen.Writer.WriteLine($"{indent}{screen.Paint((name + ":").PadRight(width), Look.Strong)}{screen.Paint(value.Text!, value.Look)}");
    }
}
