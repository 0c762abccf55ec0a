using Ramet.Cli.Views;
using Ramet.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ramet.Cli.Operations;

/// <summary>Progress on a terminal: one bar with percentage, bytes and time, the step at work below it.</summary>
internal sealed class BarProgress(Screen screen) : IProgressView
{
    private ProgressContext? _context;
    private ProgressTask? _bar;
    private Operation? _shown;
    private string? _said;

    public Task<Operation> RunAsync(Operation begun, Func<Task<Operation>> wait)
    {
        _shown = begun;
        return screen.Live.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .UseRenderHook((drawn, _) => new Rows(drawn, Below()))
            .Columns(new TitleColumn(), new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new BytesColumn(this), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                _context = context;
                _bar = context.AddTask(Markup.Escape(Plain.Text(begun.Title)));
                Show(begun);
                return await wait();
            });
    }

    public void Show(Operation operation)
    {
        _shown = operation;
        if (_bar is not null)
            _bar.Value = Math.Clamp(operation.Progress, 0, 1) * 100;
        _context?.Refresh();
    }

    public void Say(string text)
    {
        _said = text;
        _context?.Refresh();
    }

    private Rows Below()
    {
        var rows = new List<IRenderable>();
        if (_shown is { } shown && ProgressText.Step(shown) is { Length: > 0 } step)
            rows.Add(new Text("  " + Plain.Text(step), Look.Faint.Style) { Overflow = Overflow.Ellipsis });
        if (_said is { } said)
            rows.Add(new Text("  " + Plain.Text(said), Look.Warning.Style));
        return new Rows(rows);
    }

    /// <summary>Spectre's own description column parses markup; titles hold names that users gave.</summary>
    private sealed class TitleColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Markup(task.Description) { Overflow = Overflow.Ellipsis };
    }

    private sealed class BytesColumn(BarProgress owner) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(owner._shown is { } shown ? ProgressText.Bytes(shown) : "");
    }
}
