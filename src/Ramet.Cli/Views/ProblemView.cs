using Ramet.Contracts;

namespace Ramet.Cli.Views;

/// <summary>An error as people read it: what failed, on what, the further lines, and the way out.</summary>
internal static class ProblemView
{
    public static void Write(Screen screen, Problem problem)
    {
        screen.Line("error:", Look.Error, problem.Title);
        if (problem.Object is { Length: > 0 } about && !problem.Title.Contains(about, StringComparison.Ordinal))
            screen.Line("  object:", Look.Strong, about);
        foreach (var detail in problem.Details)
            screen.Line("    " + detail);
        if (problem.Remedy is { Length: > 0 } remedy)
            screen.Line("remedy:", Look.Good, remedy);
    }
}
