using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ramet.Client.Transport;

/// <summary>Which certificate of a server is believed: a pinned one, those of a file, or what the system trusts.</summary>
internal sealed class ServerTrust(RametEndpoint endpoint)
{
    private string? _presented;
    private string? _objection;

    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions();
        var pinned = endpoint.Fingerprint is { } text ? ParseFingerprint(text) : null;
        if (pinned is null && Roots() is { } roots)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // A self-made authority publishes no revocation list.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(certificate, chain, errors, pinned);
        return options;
    }

    public RametApiException Refusal(AuthenticationException error)
    {
        var why = _objection ?? error.InnerException?.Message ?? error.Message;
        var remedy = _presented is null
            ? "is it an https address of a ramet-server?"
            : $"trust it with --ca-file FILE (on the server: {RametEndpoint.DefaultTlsFolder}), or after comparing it on the server with --fingerprint {_presented}";
        return RametApiException.Local(RametApiException.TlsFailure, $"{endpoint.Address}: {why}", endpoint.Address, remedy, error);
    }

    private bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, byte[]? pinned)
    {
        if (certificate is null)
        {
            _objection = "the server showed no certificate";
            return false;
        }

        var hash = SHA256.HashData(certificate.GetRawCertData());
        if (pinned is not null ? IsPinned(certificate, hash, pinned) : errors == SslPolicyErrors.None)
            return true;

        _presented = Convert.ToHexString(hash);
        _objection = pinned is not null ? $"the server's certificate is {_presented}, not the one that was pinned"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"the server's certificate is not for {endpoint.Server!.Host}"
            : "the server's certificate is not trusted: " + string.Join(", ", chain?.ChainStatus.Select(s => s.Status.ToString()) ?? []);
        return false;
    }

    // By its key a certificate is known again after its renewal.
    private static bool IsPinned(X509Certificate certificate, byte[] hash, byte[] pinned) =>
        hash.AsSpan().SequenceEqual(pinned)
        || (certificate is X509Certificate2 full && SHA256.HashData(full.PublicKey.ExportSubjectPublicKeyInfo()).AsSpan().SequenceEqual(pinned));

    private X509Certificate2Collection? Roots()
    {
        var roots = new X509Certificate2Collection();
        if (endpoint.CaFile is { } file)
        {
            try
            {
                roots.ImportFromPemFile(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw RametApiException.Local("invalidArgument", $"cannot read certificates from {file}: {e.Message}", file,
                    "it must be a PEM file that you may read", e);
            }

            return roots.Count > 0 ? roots : throw RametApiException.Local("invalidArgument", $"{file} holds no certificate", file, "it must be a PEM file");
        }

        // The server of this very machine is trusted by what only root and it can write.
        if (endpoint.Server is { IsLoopback: true } && Directory.Exists(RametEndpoint.DefaultTlsFolder))
        {
            foreach (var found in Directory.EnumerateFiles(RametEndpoint.DefaultTlsFolder).Where(f => Path.GetExtension(f) is ".crt" or ".pem"))
            {
                try
                {
                    roots.ImportFromPemFile(found);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
                {
                    // A key beside the certificate, which others may not read.
                }
            }
        }

        return roots.Count > 0 ? roots : null;
    }

    private static byte[] ParseFingerprint(string text)
    {
        var digits = text.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? text[7..] : text;
        digits = digits.Replace(":", "");
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(digits)
            : throw RametApiException.Local("invalidArgument", $"\"{text}\" is not a certificate's fingerprint", text,
                "it is the SHA-256 of the certificate: 64 hexadecimal digits, as openssl x509 -noout -fingerprint -sha256 prints it");
    }
}
