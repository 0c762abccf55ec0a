using Ramet.Block;

namespace Ramet.Images;

/// <summary>What a chain found by following headers may contain.</summary>
public sealed record ChainPolicy
{
    /// <summary>Folders that every backing file must be in, symbolic links resolved; null: anywhere.</summary>
    public IReadOnlyList<string>? AllowedFolders { get; init; }

    public int MaxDepth { get; init; } = 256;

    /// <summary>Refuses a backing file outside the allowed folders.</summary>
    internal void Demand(string overlayPath, string backingPath)
    {
        if (AllowedFolders is null)
            return;
        var real = FileStatus.RealPath(backingPath);
        if (!AllowedFolders.Any(f => real.StartsWith(FileStatus.RealPath(f).TrimEnd('/') + '/', StringComparison.Ordinal)))
            throw new BlockException(BlockErrorKind.BackingRefused, "open", overlayPath, $"the backing file {real} is outside the allowed folders");
    }
}
