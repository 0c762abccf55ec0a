namespace Ramet.Benchmarks;

/// <summary>Times of many single calls, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly List<double> _values = [];

    public double Total => _values.Sum();

    public async Task MeasureAsync(Func<Task> call)
    {
        var began = TimeProvider.System.GetTimestamp();
        await call();
        _values.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <param name="percent">0 to 100.</param>
    public double Percentile(double percent)
    {
        var sorted = _values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * percent / 100))];
    }
}
