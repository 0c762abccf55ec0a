using Ramet.Block;

namespace Ramet.Images;

/// <summary>Skips zeros on the way to a file.</summary>
internal static class ZeroRuns
{
    private const int Page = 4096;

    public static bool IsZero(ReadOnlySpan<byte> content) => !content.ContainsAnyExcept((byte)0);

    /// <summary>Writes the pages that are not zero; what is skipped must be a hole already.</summary>
    public static void WriteData(RawFile target, long offset, ReadOnlySpan<byte> content)
    {
        for (var at = 0; at < content.Length;)
        {
            var start = at;
            var zero = IsZero(content.Slice(at, Math.Min(Page, content.Length - at)));
            do
                at = Math.Min(at + Page, content.Length);
            while (at < content.Length && IsZero(content.Slice(at, Math.Min(Page, content.Length - at))) == zero);
            if (!zero)
                target.Write(offset + start, content[start..at]);
        }
    }
}
