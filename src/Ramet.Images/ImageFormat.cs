namespace Ramet.Images;

/// <summary>Formats that Ramet opens. Declared by whoever names an image, never found out by looking into it.</summary>
public enum ImageFormat
{
    /// <summary>The file's bytes are the disk's bytes.</summary>
    Raw = 1,

    Qcow2 = 2,
}

/// <summary>The spelling of formats, which is QEMU's.</summary>
public static class ImageFormats
{
    public static string Name(this ImageFormat format) => format switch
    {
        ImageFormat.Raw => "raw",
        ImageFormat.Qcow2 => "qcow2",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    /// <summary>False for a format that Ramet does not know.</summary>
    public static bool TryParse(string? name, out ImageFormat format)
    {
        format = name switch { "raw" => ImageFormat.Raw, "qcow2" => ImageFormat.Qcow2, _ => 0 };
        return format != 0;
    }
}
