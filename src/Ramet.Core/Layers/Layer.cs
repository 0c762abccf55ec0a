namespace Ramet.Core.Layers;

/// <summary>A disk image's format. Persisted: values never change.</summary>
public enum ImageFormat
{
    Raw = 0,
    Qcow2 = 1,
}

/// <summary>Where a layer stands in its life. Persisted: values never change.</summary>
public enum LayerState
{
    /// <summary>An operation is making its file; a crash removes it.</summary>
    Creating = 0,
    /// <summary>Written by exactly one VM.</summary>
    Active = 1,
    /// <summary>Immutable for ever.</summary>
    Sealed = 2,
    /// <summary>An operation is removing its file; a crash goes on removing it.</summary>
    Deleting = 3,
    /// <summary>No longer written by anyone; its digest is being computed.</summary>
    Sealing = 4,
}

/// <summary>One disk image in a chain.</summary>
public sealed class Layer
{
    public Guid Id { get; init; }

    /// <summary>Null for a file that was adopted where it stood.</summary>
    public Guid? DatastoreId { get; set; }

    /// <summary>The VM that it was made for; who else stands on it is a matter of chains. Not a reference: the VM may be gone.</summary>
    public Guid OwnerId { get; init; }

    /// <summary>The disk that it was made for, such as "vda".</summary>
    public required string Target { get; init; }

    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; set; }

    public ImageFormat Format { get; init; }

    public LayerState State { get; set; }

    /// <summary>The layer below; null for a base layer.</summary>
    public Guid? BackingLayerId { get; set; }

    /// <summary>Guest-visible size in bytes.</summary>
    public long VirtualSize { get; set; }

    /// <summary>
    /// False for a backing file that was found below an adopted VM's disk: others may stand on it, so it is never deleted.
    /// </summary>
    public bool Managed { get; init; } = true;

    /// <summary>Content digest (<c>sha256-1m:…</c>) of a sealed layer.</summary>
    public string? Digest { get; set; }

    /// <summary>What a sealed layer's file looked like when it was sealed: the cheap check before each start.</summary>
    public long? SealedLength { get; set; }

    /// <summary>Nanoseconds since the epoch.</summary>
    public long? SealedMtimeNs { get; set; }

    public long? SealedInode { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
