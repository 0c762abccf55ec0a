namespace Ramet.Core.Access;

/// <summary>An API token; only its hash is kept.</summary>
public sealed class ApiToken
{
    public Guid Id { get; init; }

    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token, hexadecimal. A token has 256 random bits, so that a fast hash is enough.</summary>
    public required string Hash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null never expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }
}

/// <summary>One line of the audit trail: who asked for what, and what came of it.</summary>
public sealed class AuditEntry
{
    /// <summary>Ascending.</summary>
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>"uid:0 (root)", "token:ci".</summary>
    public required string Actor { get; init; }

    /// <summary>Such as "POST /api/v1/vms/clone".</summary>
    public required string Action { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int Outcome { get; init; }

    /// <summary>The operation that the call began; null when none.</summary>
    public Guid? OperationId { get; init; }
}
