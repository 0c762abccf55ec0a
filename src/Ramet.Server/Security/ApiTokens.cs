using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ramet.Core.Access;
using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.VirtualMachines;
using Ramet.Server.Logging;

namespace Ramet.Server.Security;

/// <summary>Makes, finds and revokes API tokens. A secret is shown once; the catalog has its SHA-256 only.</summary>
internal sealed class ApiTokens(ICatalog catalog, TimeProvider time, ILogger<ApiTokens> log)
{
    public const string Prefix = "rmt_";
    private const int RandomBytes = 32;

    /// <summary>How far behind "last used" may be: a write per call would cost more than the call.</summary>
    public static readonly TimeSpan LastUsedGrain = TimeSpan.FromMinutes(10);

    private static readonly int SecretLength = Prefix.Length + Base64Url.GetEncodedLength(RandomBytes);

    public async Task<IReadOnlyList<ApiToken>> ListAsync(CancellationToken cancellationToken)
    {
        await using var session = catalog.OpenReadOnly();
        return await session.ListAsync(session.Tokens.OrderBy(t => t.Name), cancellationToken);
    }

    /// <param name="expiresInDays">Null never expires.</param>
    public async Task<(ApiToken Token, string Secret)> CreateAsync(string name, int? expiresInDays, CancellationToken cancellationToken)
    {
        VmName.Check(name, "token");
        if (expiresInDays is < 1 or > 3650)
            throw new RametException(ErrorKind.InvalidArgument, $"a token cannot expire in {expiresInDays} days", "1 to 3650 days, or leave it out", name);

        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        var now = time.GetUtcNow();
        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(now),
            Name = name,
            Hash = HashOf(secret),
            CreatedAt = now,
            ExpiresAt = expiresInDays is { } days ? now.AddDays(days) : null,
        };
        await using var session = catalog.Open();
        if (await session.CountAsync(session.Tokens.Where(t => t.Name == name), cancellationToken) > 0)
            throw new RametException(ErrorKind.AlreadyExists, $"there is a token '{name}' already", "choose another name, or revoke it first", name);
        session.Add(token);
        await session.SaveAsync(cancellationToken);
        return (token, secret);
    }

    public async Task RevokeAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = catalog.Open();
        var token = await session.FirstOrDefaultAsync(session.Tokens.Where(t => t.Name == name), cancellationToken)
            ?? throw new RametException(ErrorKind.NotFound, $"there is no token '{name}'", "see 'ramet token list'", name);
        session.Remove(token);
        await session.SaveAsync(cancellationToken);
    }

    /// <summary>The valid token that a secret belongs to; null for none.</summary>
    public async Task<ApiToken?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length != SecretLength || !secret.StartsWith(Prefix, StringComparison.Ordinal))
            return null;

        var hash = HashOf(secret);
        await using var session = catalog.Open();
        var token = await session.FirstOrDefaultAsync(session.Tokens.Where(t => t.Hash == hash), cancellationToken);
        // The look-up compares in whatever time the database takes; what it gives away is about the hash, not the secret.
        if (token is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token.Hash), Encoding.ASCII.GetBytes(hash)))
            return null;

        var now = time.GetUtcNow();
        if (token.ExpiresAt <= now)
            return null;
        if (token.LastUsedAt is null || now - token.LastUsedAt >= LastUsedGrain)
            await NoteUseAsync(session, token, now, cancellationToken);
        return token;
    }

    /// <summary>For information only: a full disk must not shut the door on who comes to see why.</summary>
    private async Task NoteUseAsync(ICatalogSession session, ApiToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        token.LastUsedAt = now;
        try
        {
            await session.SaveAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.UseNotNoted(token.Name, e.Message);
        }
    }

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}
