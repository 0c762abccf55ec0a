using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Operations;

/// <summary>Progress for a log file: a line when it begins, and one for every tenth of the way, every 10 s and every turn it takes.</summary>
internal sealed class LineProgress(Screen screen, TimeProvider time) : IProgressView
{
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(10);

    private long _lastAt;
    private int _lastTenth;
    private string _lastState = "";
    private string _lastLine = "";

    public Task<Operation> RunAsync(Operation begun, Func<Task<Operation>> wait)
    {
        _lastAt = time.GetTimestamp();
        screen.Line($"{begun.Title} (operation {begun.Id})");
        return wait();
    }

    public void Show(Operation operation)
    {
        if (operation.Finished)
            return;
        var tenth = ProgressText.Percent(operation) / 10;
        var turned = operation.State == "rollingBack" && _lastState != operation.State;
        _lastState = operation.State;
        if (tenth <= _lastTenth && !turned && time.GetElapsedTime(_lastAt) < AtLeastEvery)
            return;

        _lastTenth = Math.Max(tenth, _lastTenth);
        string[] parts = [$"{ProgressText.Percent(operation),3}%", ProgressText.Bytes(operation), ProgressText.Step(operation)];
        var line = string.Join("  ", parts.Where(p => p.Length > 0));
        if (line == _lastLine)
            return;
        _lastLine = line;
        _lastAt = time.GetTimestamp();
        screen.Line(line);
    }

    public void Say(string text) => screen.Line(text);
}
