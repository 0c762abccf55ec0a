using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ramet.Server.Security;

/// <summary>Makes the certificate that a server has before its administrator gives it another.</summary>
internal static class CertificateMaker
{
    /// <summary>By this organization a certificate is known as one that Ramet made, and may replace.</summary>
    private const string Organization = "Ramet (made by itself)";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public static ECDsa CreateKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A self-signed certificate for this machine's names on loopback.</summary>
    /// <param name="listen">Where the server listens; named too, unless it stands for every address.</param>
    public static X509Certificate2 Create(ECDsa key, string hostname, IPAddress? listen, DateTimeOffset now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(Organization);
        subject.AddCommonName(hostname.Length <= 64 ? hostname : "ramet");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);

        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new[] { "localhost", hostname }.Distinct())
            names.AddDnsName(name);
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, listen }.OfType<IPAddress>().Distinct())
        {
            if (!address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
                names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        // Clocks of clients differ by some minutes.
        return request.CreateSelfSigned(now.AddHours(-1), now + Lifetime);
    }

    public static bool IsOurs(X509Certificate2 certificate) =>
        certificate.SubjectName.EnumerateRelativeDistinguishedNames().Any(
            n => n.GetSingleElementType().Value == "2.5.4.10" && n.GetSingleElementValue() == Organization);
}
