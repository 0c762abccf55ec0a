namespace Ramet.Core.Datastores;

/// <summary>A place for layers: a directory.</summary>
public sealed class Datastore
{
    public Guid Id { get; init; }

    /// <summary>Unique; "default" for the one made at first start.</summary>
    public required string Name { get; set; }

    /// <summary>Absolute path of the directory.</summary>
    public required string Path { get; set; }

    /// <summary>"nvme", "ssd", "hdd" or a word of the administrator's; null when not said.</summary>
    public string? Tier { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
