using System.Globalization;
using Ramet.Core.Errors;

namespace Ramet.Core.LinkedClones;

/// <summary>
/// Names from a pattern, as a shell's braces expand it: <c>seat-{01..10}</c> (zero-padded like its first bound),
/// <c>{red,blue}-vm</c>, several braces in one pattern (the last one runs fastest).
/// </summary>
public static class NamePattern
{
    public const int MostNames = 10_000;

    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>: no names, over 10,000, or a brace that is not closed.</exception>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        List<string> names = [""];
        var rest = pattern.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            var literal = open < 0 ? rest : rest[..open];
            if (literal.Contains('}'))
                throw Invalid(pattern, "has a '}' without a '{'");
            Append(names, [literal.ToString()], pattern);
            if (open < 0)
                break;
            rest = rest[(open + 1)..];
            var close = rest.IndexOf('}');
            if (close < 0)
                throw Invalid(pattern, "has a '{' without a '}'");
            Append(names, Choices(rest[..close].ToString(), pattern), pattern);
            rest = rest[(close + 1)..];
        }

        if (names.Any(n => n.Length == 0))
            throw Invalid(pattern, "yields an empty name");
        var twice = names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? names : throw Invalid(pattern, $"yields '{twice.Key}' twice");
    }

    private static string[] Choices(string inside, string pattern)
    {
        var bounds = inside.Split("..");
        if (bounds.Length != 2)
        {
            return inside.Contains(',') ? inside.Split(',')
                : throw Invalid(pattern, $"has '{{{inside}}}', which is neither a range like {{01..10}} nor a list like {{a,b}}");
        }

        if (!uint.TryParse(bounds[0], NumberStyles.None, null, out var first) || !uint.TryParse(bounds[1], NumberStyles.None, null, out var last))
            throw Invalid(pattern, $"has a range whose bounds are not numbers: {{{inside}}}");
        if (last < first)
            throw Invalid(pattern, $"yields no names: {{{inside}}} ends before it begins");
        if (last - first >= MostNames)
            throw Invalid(pattern, $"yields over {MostNames:N0} names");
        var width = bounds[0].Length > 1 && bounds[0][0] == '0' || bounds[1].StartsWith('0') ? Math.Max(bounds[0].Length, bounds[1].Length) : 0;
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + (uint)i).ToString().PadLeft(width, '0'))];
    }

    private static void Append(List<string> names, string[] endings, string pattern)
    {
        if ((long)names.Count * endings.Length > MostNames)
            throw Invalid(pattern, $"yields over {MostNames:N0} names");
        List<string> longer = [.. names.SelectMany(_ => endings, (name, ending) => name + ending)];
        names.Clear();
        names.AddRange(longer);
    }

    private static RametException Invalid(string pattern, string why) =>
        new(ErrorKind.InvalidArgument, $"the name pattern '{pattern}' {why}", "write it like 'seat-{01..10}'", pattern);
}
