using Ramet.Block;

namespace Ramet.Images;

/// <summary>First bytes of formats that a file declared raw must not have: QEMU would probe them, or the declaration is a mistake.</summary>
internal static class ForeignMagic
{
    private static readonly (string Name, int Offset, byte[] Bytes)[] Known =
    [
        ("qcow", 0, [.. "QFI"u8, 0xFB]),
        ("QED", 0, [.. "QED\0"u8]),
        ("VMDK", 0, [.. "KDMV"u8]),
        ("VMDK", 0, [.. "COWD"u8]),
        ("VMDK", 0, [.. "# Disk DescriptorFile"u8]),
        ("VHDX", 0, [.. "vhdxfile"u8]),
        ("VHD", 0, [.. "conectix"u8]),
        ("LUKS", 0, [.. "LUKS"u8, 0xBA, 0xBE]),
        ("VDI", 64, [0x7F, 0x10, 0xDA, 0xBE]),
        ("gzip", 0, [0x1F, 0x8B]),
        ("xz", 0, [0xFD, .. "7zXZ"u8]),
        ("zstd", 0, [0x28, 0xB5, 0x2F, 0xFD]),
    ];

    /// <summary>The name of the format that the file starts like, or null.</summary>
    public static string? Recognise(RawFile file)
    {
        var start = new byte[512];
        var length = file.ReadUpTo(0, start);
        foreach (var (name, offset, bytes) in Known)
            if (length >= offset + bytes.Length && start.AsSpan(offset, bytes.Length).SequenceEqual(bytes))
                return name;
        return null;
    }
}
