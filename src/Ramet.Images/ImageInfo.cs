using Ramet.Block;
using Ramet.Qcow2;

namespace Ramet.Images;

/// <summary>What the header of an image says. Only the header is read, nothing it names is opened, so an untrusted image can be looked at.</summary>
public sealed record ImageInfo
{
    public required string Path { get; init; }

    public required ImageFormat Format { get; init; }

    /// <summary>Size of the disk in bytes.</summary>
    public required long VirtualSize { get; init; }

    /// <summary>Apparent size of the file in bytes.</summary>
    public required long FileLength { get; init; }

    /// <summary>Space the file takes on disk, in bytes.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>The backing file's name as stored, not interpreted; null for none.</summary>
    public string? BackingName { get; init; }

    /// <summary>The backing file's format as stored; null when it is not declared.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>The image keeps its guest data in another file.</summary>
    public bool HasDataFile { get; init; }

    /// <summary>That file's name as stored.</summary>
    public string? DataFileName { get; init; }

    /// <summary>In bytes; 0 for raw.</summary>
    public int ClusterSize { get; init; }

    /// <summary>qcow2 version; 0 for raw.</summary>
    public int Version { get; init; }

    public IncompatibleFeatures Incompatible { get; init; }

    public CompatibleFeatures Compatible { get; init; }

    public AutoclearFeatures Autoclear { get; init; }

    public CompressionType Compression { get; init; }

    /// <summary>Internal snapshots.</summary>
    public int SnapshotCount { get; init; }

    /// <summary>The header points beyond the end of the file. Tables further down are looked at by <see cref="Qcow2Check"/>.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Ramet's identity of the layer; null when it has none.</summary>
    public LayerIdentity? Identity { get; init; }

    /// <summary>Reads the header of an image of the declared format.</summary>
    /// <exception cref="BlockException">WrongFormat, Truncated (inside the header), UnsupportedFeature, Encrypted, Malformed, NotFound, AccessDenied.</exception>
    public static ImageInfo Read(string path, ImageFormat format)
    {
        var status = FileStatus.Of(path);
        using var file = RawFile.OpenRead(path);
        if (format == ImageFormat.Raw)
            return new ImageInfo { Path = path, Format = format, VirtualSize = file.Length, FileLength = file.Length, AllocatedBytes = status.AllocatedBytes };

        var area = HeaderArea.Read(file);
        var header = area.Header;
        return new ImageInfo
        {
            Path = path,
            Format = format,
            VirtualSize = header.VirtualSize,
            FileLength = file.Length,
            AllocatedBytes = status.AllocatedBytes,
            BackingName = area.BackingName,
            BackingFormat = area.BackingFormat,
            HasDataFile = header.HasExternalData,
            DataFileName = area.DataFileName,
            ClusterSize = header.Geometry.ClusterSize,
            Version = header.Version,
            Incompatible = header.Incompatible,
            Compatible = header.Compatible,
            Autoclear = header.Autoclear,
            Compression = header.Compression,
            SnapshotCount = header.SnapshotCount,
            IsTruncated = header.FirstBeyond(file.Length) is not null,
            Identity = area.ReadIdentity(path),
        };
    }
}
