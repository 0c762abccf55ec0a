using System.Buffers;
using System.Text;

namespace Ramet.Cli.Views;

/// <summary>
/// Text that others wrote (a guest's interface names, a file's name) made safe to print: nothing in it moves the cursor,
/// changes colours, breaks the line or turns the writing direction.
/// </summary>
internal static class Plain
{
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Concat(Enumerable.Range(0x202a, 5)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c)]);

    public static string Text(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.AsSpan().IndexOfAny(Unsafe) < 0)
            return text ?? "";
        var safe = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (!Unsafe.Contains(c))
                safe.Append(c);
            else
                safe.Append(c < 0x100 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}");
        }

        return safe.ToString();
    }
}
