using Ramet.Contracts;

namespace Ramet.Client;

/// <content>The server itself: version, health, tokens.</content>
public sealed partial class RametClient
{
    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken = default) =>
        GetAsync(Routes.Version, j => j.VersionInfo, cancellationToken);

    /// <param name="verify">Read every sealed layer and compare its digest: minutes, not moments.</param>
    public Task<DoctorReport> DoctorAsync(bool verify = false, CancellationToken cancellationToken = default) =>
        GetAsync(Query(Routes.Doctor, ("verify", verify ? "true" : null)), j => j.DoctorReport, cancellationToken);

    public Task<IReadOnlyList<Token>> ListTokensAsync(CancellationToken cancellationToken = default) =>
        GetAsync(Routes.Tokens, j => j.IReadOnlyListToken, cancellationToken);

    /// <summary>The answer holds the secret, this once.</summary>
    public Task<CreatedToken> CreateTokenAsync(TokenRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Tokens, request, RametJson.Default.TokenRequest, j => j.CreatedToken, cancellationToken);

    public async Task RevokeTokenAsync(string name, CancellationToken cancellationToken = default)
    {
        using var _ = await _http.DeleteAsync(Fill(Routes.Token, "{name}", name), cancellationToken);
    }
}
