using System.Buffers.Binary;

namespace Ramet.Qcow2.Tests;

/// <summary>Short ways to make, damage and read images.</summary>
internal static class Images
{
    public static LayerIdentity Identity(string role = "vms/seat-01/disk0.qcow2") => new()
    {
        LayerId = Guid.NewGuid(),
        VmId = Guid.NewGuid(),
        Role = role,
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    public static OverlaySpec Overlay(string path, string backing, long size, string format = "qcow2") => new(path, backing, format, size, Identity());

    /// <summary>A base that need not exist for overlays to be created.</summary>
    public static OverlaySpec Orphan(string path, long size = 1 << 30) => Overlay(path, "/nowhere/base.qcow2", size);

    public static byte[] ReadAll(IBlockDevice device)
    {
        var content = new byte[device.Length];
        device.Read(0, content);
        return content;
    }

    public static void Poke(string path, long offset, params byte[] bytes)
    {
        using var file = RawFile.OpenWrite(path);
        file.Write(offset, bytes);
    }

    public static void Poke32(string path, long offset, uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Poke(path, offset, bytes);
    }

    public static void Poke64(string path, long offset, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Poke(path, offset, bytes);
    }

    public static ulong Peek64(string path, long offset)
    {
        using var file = RawFile.OpenRead(path);
        var bytes = new byte[8];
        file.Read(offset, bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
