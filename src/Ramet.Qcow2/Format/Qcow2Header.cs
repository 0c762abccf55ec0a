using System.Buffers.Binary;
using Ramet.Block;

namespace Ramet.Qcow2;

// Byte   0 -   3  magic "QFI\xfb"
//        4 -   7  version, 2 or 3
//        8 -  15  backing_file_offset, 0: none
//       16 -  19  backing_file_size, at most 1023
//       20 -  23  cluster_bits
//       24 -  31  size of the virtual disk in bytes
//       32 -  35  crypt_method: 0 none, 1 AES, 2 LUKS
//       36 -  39  l1_size in entries
//       40 -  47  l1_table_offset
//       48 -  55  refcount_table_offset
//       56 -  59  refcount_table_clusters
//       60 -  63  nb_snapshots
//       64 -  71  snapshots_offset
//     version 2 ends here; version 3:
//       72 -  79  incompatible_features
//       80 -  87  compatible_features
//       88 -  95  autoclear_features
//       96 -  99  refcount_order
//      100 - 103  header_length, at least 104, a multiple of 8
//      104        compression_type, if header_length says so
//      105 - 111  padding

/// <summary>The fixed fields of the header (qcow2 specification, "Header"). Offsets and sizes are bytes unless named otherwise.</summary>
public sealed record Qcow2Header
{
    public const uint Magic = 0x514649FB;
    public const int Version2Length = 72;
    public const int MinVersion3Length = 104;
    public const int Version3Length = 112;
    public const int MaxBackingName = 1023;
    public const int MaxSnapshots = 65536;

    public int Version { get; init; } = 3;
    public long BackingNameOffset { get; init; }
    public int BackingNameLength { get; init; }
    public required ClusterGeometry Geometry { get; init; }
    public required long VirtualSize { get; init; }
    public int L1Entries { get; init; }
    public long L1Offset { get; init; }
    public long RefcountTableOffset { get; init; }
    public int RefcountTableClusters { get; init; }
    public int SnapshotCount { get; init; }
    public long SnapshotsOffset { get; init; }
    public IncompatibleFeatures Incompatible { get; init; }
    public CompatibleFeatures Compatible { get; init; }
    public AutoclearFeatures Autoclear { get; init; }

    /// <summary>Where the extensions begin.</summary>
    public int HeaderLength { get; init; } = Version3Length;

    public CompressionType Compression { get; init; }

    public bool HasExternalData => Incompatible.HasFlag(IncompatibleFeatures.ExternalDataFile);

    /// <summary>Whether a file starts like a qcow2 image.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(start) == Magic;

    /// <summary>Reads and validates the fixed fields; nothing outside <paramref name="b"/> is looked at.</summary>
    /// <exception cref="BlockException">WrongFormat, Truncated, UnsupportedFeature, Encrypted, Malformed.</exception>
    public static Qcow2Header Read(ReadOnlySpan<byte> b, string path)
    {
        if (!HasMagic(b))
            throw Fail(BlockErrorKind.WrongFormat, "not a qcow2 image", 0);
        if (b.Length < Version2Length)
            throw Fail(BlockErrorKind.Truncated, "the file ends inside the header", b.Length);
        var version = BinaryPrimitives.ReadUInt32BigEndian(b[4..]);
        if (version is not (2 or 3))
            throw Fail(BlockErrorKind.UnsupportedFeature, $"qcow2 version {version}", 4);

        IncompatibleFeatures incompatible = 0;
        CompatibleFeatures compatible = 0;
        AutoclearFeatures autoclear = 0;
        uint refcountOrder = 4, headerLength = Version2Length;
        var compression = CompressionType.Zlib;
        if (version == 3)
        {
            if (b.Length < MinVersion3Length)
                throw Fail(BlockErrorKind.Truncated, "the file ends inside the header", b.Length);
            incompatible = (IncompatibleFeatures)BinaryPrimitives.ReadUInt64BigEndian(b[72..]);
            compatible = (CompatibleFeatures)BinaryPrimitives.ReadUInt64BigEndian(b[80..]);
            autoclear = (AutoclearFeatures)BinaryPrimitives.ReadUInt64BigEndian(b[88..]);
            refcountOrder = BinaryPrimitives.ReadUInt32BigEndian(b[96..]);
            headerLength = BinaryPrimitives.ReadUInt32BigEndian(b[100..]);
            if ((incompatible & ~IncompatibleFeatures.All) is var unknown and not 0)
                throw Fail(BlockErrorKind.UnsupportedFeature, $"unknown incompatible features 0x{(ulong)unknown:x}", 72);
            if (refcountOrder > ClusterGeometry.MaxRefcountOrder)
                throw Fail(BlockErrorKind.Malformed, $"refcount_order is {refcountOrder}", 96);
            if (headerLength < MinVersion3Length || headerLength % 8 != 0)
                throw Fail(BlockErrorKind.Malformed, $"header_length is {headerLength}", 100);
            if (headerLength > 104 && b.Length > 104)
                compression = (CompressionType)b[104];
            if (compression > CompressionType.Zstd)
                throw Fail(BlockErrorKind.UnsupportedFeature, $"compression type {(byte)compression}", 104);
            if ((compression != CompressionType.Zlib) != incompatible.HasFlag(IncompatibleFeatures.CompressionType))
                throw Fail(BlockErrorKind.Malformed, "the compression type bit and compression_type contradict each other", 104);
        }

        var clusterBits = BinaryPrimitives.ReadUInt32BigEndian(b[20..]);
        if (clusterBits > ClusterGeometry.MaxClusterBits)
            throw Fail(BlockErrorKind.Malformed, $"cluster_bits is {clusterBits}", 20);
        var geometry = new ClusterGeometry((int)clusterBits, incompatible.HasFlag(IncompatibleFeatures.ExtendedL2), (int)refcountOrder);
        geometry.Validate("open", path);
        if (headerLength > geometry.ClusterSize)
            throw Fail(BlockErrorKind.Malformed, "the header is longer than a cluster", 100);

        switch (BinaryPrimitives.ReadUInt32BigEndian(b[32..]))
        {
            case 0:
                break;
            case 1:
                throw Fail(BlockErrorKind.Encrypted, "the image is encrypted (AES)", 32);
            case 2:
                throw Fail(BlockErrorKind.Encrypted, "the image is encrypted (LUKS)", 32);
            case var method:
                throw Fail(BlockErrorKind.UnsupportedFeature, $"encryption method {method}", 32);
        }

        var header = new Qcow2Header
        {
            Version = (int)version,
            BackingNameOffset = Offset(b, 8),
            BackingNameLength = Count(b, 16, int.MaxValue, "backing_file_size"),
            Geometry = geometry,
            VirtualSize = Offset(b, 24),
            L1Entries = Count(b, 36, ClusterGeometry.MaxL1Bytes / 8, "l1_size"),
            L1Offset = Offset(b, 40),
            RefcountTableOffset = Offset(b, 48),
            RefcountTableClusters = Count(b, 56, Math.Max(1, ClusterGeometry.MaxRefcountTableBytes >> (int)clusterBits), "refcount_table_clusters"),
            SnapshotCount = Count(b, 60, MaxSnapshots, "nb_snapshots"),
            SnapshotsOffset = Offset(b, 64),
            Incompatible = incompatible,
            Compatible = compatible,
            Autoclear = autoclear,
            HeaderLength = (int)headerLength,
            Compression = compression,
        };
        header.Validate(path);
        return header;

        BlockException Fail(BlockErrorKind kind, string detail, long at) => new(kind, "open", path, detail, at);

        long Offset(ReadOnlySpan<byte> from, int at)
        {
            var value = BinaryPrimitives.ReadInt64BigEndian(from[at..]);
            return value >= 0 ? value : throw Fail(BlockErrorKind.Malformed, "a number is out of every range", at);
        }

        int Count(ReadOnlySpan<byte> from, int at, int max, string name)
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(from[at..]);
            return value <= (uint)max ? (int)value : throw Fail(BlockErrorKind.Malformed, $"{name} is {value}, over {max}", at);
        }
    }

    /// <summary>Writes the fixed fields over the start of <paramref name="b"/>; header bytes this version does not know are left as they are.</summary>
    public void Write(Span<byte> b)
    {
        BinaryPrimitives.WriteUInt32BigEndian(b, Magic);
        BinaryPrimitives.WriteInt32BigEndian(b[4..], Version);
        BinaryPrimitives.WriteInt64BigEndian(b[8..], BackingNameOffset);
        BinaryPrimitives.WriteInt32BigEndian(b[16..], BackingNameLength);
        BinaryPrimitives.WriteInt32BigEndian(b[20..], Geometry.ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(b[24..], VirtualSize);
        BinaryPrimitives.WriteInt32BigEndian(b[32..], 0);
        BinaryPrimitives.WriteInt32BigEndian(b[36..], L1Entries);
        BinaryPrimitives.WriteInt64BigEndian(b[40..], L1Offset);
        BinaryPrimitives.WriteInt64BigEndian(b[48..], RefcountTableOffset);
        BinaryPrimitives.WriteInt32BigEndian(b[56..], RefcountTableClusters);
        BinaryPrimitives.WriteInt32BigEndian(b[60..], SnapshotCount);
        BinaryPrimitives.WriteInt64BigEndian(b[64..], SnapshotsOffset);
        if (Version < 3)
            return;
        BinaryPrimitives.WriteUInt64BigEndian(b[72..], (ulong)Incompatible);
        BinaryPrimitives.WriteUInt64BigEndian(b[80..], (ulong)Compatible);
        BinaryPrimitives.WriteUInt64BigEndian(b[88..], (ulong)Autoclear);
        BinaryPrimitives.WriteInt32BigEndian(b[96..], Geometry.RefcountOrder);
        BinaryPrimitives.WriteInt32BigEndian(b[100..], HeaderLength);
        if (HeaderLength > 104)
            b[104] = (byte)Compression;
    }

    /// <summary>The rules between fields. What concerns the file's length is <see cref="FirstBeyond"/>.</summary>
    private void Validate(string path)
    {
        var g = Geometry;
        if (L1Entries < g.L1EntriesFor(VirtualSize))
            Fail(36, $"l1_size {L1Entries} is too small for {VirtualSize} bytes");
        if (L1Entries > 0 && (L1Offset == 0 || !g.IsAligned(L1Offset)))
            Fail(40, $"l1_table_offset {L1Offset} is not a cluster of its own");
        if (RefcountTableOffset == 0 || !g.IsAligned(RefcountTableOffset))
            Fail(48, $"refcount_table_offset {RefcountTableOffset} is not a cluster of its own");
        if (RefcountTableClusters == 0)
            Fail(56, "there is no refcount table");
        if (SnapshotCount > 0 && (SnapshotsOffset == 0 || !g.IsAligned(SnapshotsOffset)))
            Fail(64, $"snapshots_offset {SnapshotsOffset} is not a cluster of its own");
        if (BackingNameOffset != 0)
        {
            if (BackingNameLength > MaxBackingName)
                Fail(16, $"the backing file name has {BackingNameLength} bytes");
            if (BackingNameOffset < HeaderLength || BackingNameOffset > g.ClusterSize - BackingNameLength)
                Fail(8, "the backing file name is not inside the first cluster");
        }

        void Fail(int at, string detail) => throw new BlockException(BlockErrorKind.Malformed, "open", path, detail, at);
    }

    /// <summary>The header field whose table lies beyond a file of this length, or null: the first sign of a truncated image.</summary>
    public (int Field, string Name)? FirstBeyond(long fileLength)
    {
        if (L1Entries > 0 && L1Offset > fileLength - L1Entries * 8L)
            return (40, "the L1 table");
        if (RefcountTableOffset > fileLength - ((long)RefcountTableClusters << Geometry.ClusterBits))
            return (48, "the refcount table");
        if (SnapshotCount > 0 && SnapshotsOffset >= fileLength)
            return (64, "the snapshot table");
        return null;
    }
}
