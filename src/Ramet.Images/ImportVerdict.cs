using Ramet.Block;

namespace Ramet.Images;

/// <summary>A reason why an image is not taken in.</summary>
/// <param name="Kind">What callers and users' scripts match.</param>
/// <param name="Detail">What was found, for people.</param>
public sealed record ImportRefusal(BlockErrorKind Kind, string Detail);

/// <summary>The judgement on an image that somebody wants to import.</summary>
/// <param name="Path">The image.</param>
/// <param name="Info">Its header; null when not even that could be read.</param>
/// <param name="Refusals">Every reason found; empty when the image is accepted.</param>
public sealed record ImportVerdict(string Path, ImageInfo? Info, IReadOnlyList<ImportRefusal> Refusals)
{
    public bool IsAccepted => Refusals.Count == 0;

    /// <summary>Throws the first refusal.</summary>
    public void EnsureAccepted()
    {
        if (Refusals is [var first, ..])
            throw new BlockException(first.Kind, "import", Path, first.Detail);
    }
}
