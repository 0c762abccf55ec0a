namespace Ramet.Block;

/// <summary>How far a long operation is, in bytes of its input.</summary>
public readonly record struct BlockProgress(long Done, long Total);
