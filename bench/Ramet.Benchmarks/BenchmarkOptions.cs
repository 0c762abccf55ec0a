namespace Ramet.Benchmarks;

/// <summary>What every bench/NAME takes, and where the script has started the server.</summary>
/// <param name="Json">Where to write the rows; null for nowhere.</param>
/// <param name="Work">An empty folder.</param>
internal sealed record BenchmarkOptions(bool Quick, string? Json, string Socket, string Libvirt, string Work)
{
    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions(false, null, "", "", "");
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--quick" => options with { Quick = true },
                "--json" => options with { Json = arguments[++i] },
                "--socket" => options with { Socket = arguments[++i] },
                "--libvirt" => options with { Libvirt = arguments[++i] },
                "--work" => options with { Work = arguments[++i] },
                var other => throw new ArgumentException($"unknown option {other}"),
            };
        }

        return options;
    }
}
