using System.Buffers;
using System.Security.Cryptography;
using Ramet.Block;

namespace Ramet.Images;

/// <summary>
/// Digest of a file's content: SHA-256 over the concatenated SHA-256 hashes of its 1 MiB blocks, the last of which may be shorter.
/// Blocks can be hashed in parallel, and blocks of zeros need neither be read nor hashed. Text form: <c>sha256-1m:</c> and 64 hex digits.
/// </summary>
public readonly struct LayerDigest : IEquatable<LayerDigest>
{
    internal const int BlockSize = 1 << 20;
    private const string Prefix = "sha256-1m:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly string? _hex;

    private LayerDigest(string hex) => _hex = hex;

    internal static LayerDigest From(IncrementalHash hash) => new(Convert.ToHexStringLower(hash.GetHashAndReset()));

    /// <summary>Reads the text form; false when it is another algorithm's or malformed.</summary>
    public static bool TryParse(string? text, out LayerDigest digest)
    {
        digest = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length != Prefix.Length + 64
            || text.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits))
            return false;
        digest = new LayerDigest(text[Prefix.Length..]);
        return true;
    }

    /// <summary>Digests a file, on all cores.</summary>
    /// <exception cref="BlockException">When the file cannot be read.</exception>
    public static LayerDigest Compute(string path, IProgress<BlockProgress>? progress = null, CancellationToken cancel = default)
    {
        using var file = RawFile.OpenRead(path);
        return BlockPass.Run(file, null, progress, cancel);
    }

    public override string ToString() => Prefix + (_hex ?? new string('0', 64));

    public bool Equals(LayerDigest other) => _hex == other._hex;

    public override bool Equals(object? obj) => obj is LayerDigest other && Equals(other);

    public override int GetHashCode() => _hex?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public static bool operator ==(LayerDigest a, LayerDigest b) => a.Equals(b);

    public static bool operator !=(LayerDigest a, LayerDigest b) => !a.Equals(b);
}
