using Ramet.Core.Errors;
using Ramet.Core.Layers;

namespace Ramet.Core.Import;

/// <summary>Where an image comes from and of which format it is declared to be.</summary>
internal static class ImageSource
{
    /// <summary>An http(s) address; null for a path.</summary>
    public static Uri? AddressOf(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    /// <summary>What the user declares, else what the name's ending says; nothing is probed.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static ImageFormat FormatOf(string source, string? declared)
    {
        var ending = Path.GetExtension(AddressOf(source)?.AbsolutePath ?? source).ToLowerInvariant();
        return (declared?.ToLowerInvariant() ?? ending) switch
        {
            "qcow2" or ".qcow2" => ImageFormat.Qcow2,
            "raw" or ".raw" => ImageFormat.Raw,
            _ when declared is not null => throw new RametException(ErrorKind.InvalidArgument, $"'{declared}' is not a format that can be imported", "qcow2 or raw", source),
            _ => throw new RametException(ErrorKind.InvalidArgument, $"the name of {source} does not say which format it has", "say it with --format qcow2 or --format raw", source),
        };
    }

    /// <summary>Checks what can be checked at once.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>, <see cref="ErrorKind.NotFound"/>.</exception>
    public static void Check(string source)
    {
        if (AddressOf(source) is not null)
            return;
        if (source.Contains("://", StringComparison.Ordinal))
            throw new RametException(ErrorKind.InvalidArgument, $"{source} is not an address that can be imported", "a path, or an address that begins with http:// or https://", source);
        if (!Path.IsPathRooted(source))
            throw new RametException(ErrorKind.InvalidArgument, $"{source} is not an absolute path", "name the file from the root of the server's file system", source);
        if (Directory.Exists(source))
            throw new RametException(ErrorKind.InvalidArgument, $"{source} is a folder", "name the image file in it", source);
        if (!File.Exists(source))
            throw new RametException(ErrorKind.NotFound, $"there is no file {source} on the server's machine", "check the path", source);
    }

    /// <summary>A SHA-256 in lower case; null stays null.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static string? CheckSha256(string? text)
    {
        var digits = text?.Trim().ToLowerInvariant();
        return digits is null || (digits.Length == 64 && digits.All(char.IsAsciiHexDigitLower)) ? digits
            : throw new RametException(ErrorKind.InvalidArgument, $"'{text}' is not a SHA-256", "64 hexadecimal digits");
    }
}
