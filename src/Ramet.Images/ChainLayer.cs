namespace Ramet.Images;

/// <summary>A layer as somebody who knows declares it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">Its format.</param>
public sealed record ChainLayer(string Path, ImageFormat Format);
