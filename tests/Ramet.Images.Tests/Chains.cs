using Ramet.Qcow2;

namespace Ramet.Images.Tests;

/// <summary>Chains to test with: overlays made by Ramet, written by QEMU.</summary>
internal static class Chains
{
    public const long Size = 16 << 20;

    public static LayerIdentity Identity(string role) =>
        new() { LayerId = Guid.NewGuid(), Role = role, CreatedAt = DateTimeOffset.UnixEpoch };

    /// <summary>A base and overlays on it, each of which rewrites, zeroes and adds something. Returns the active layer's path.</summary>
    public static string Make(TemporaryFolder folder, int depth)
    {
        Qemu.Create(folder["0"], Size - 4096);
        Qemu.Io(folder["0"], "write -P 200 0 2M", "write -P 201 9M 1M");
        for (var i = 1; i < depth; i++)
        {
            OverlayWriter.Create(
                new OverlaySpec(folder[$"{i}"], $"{i - 1}", "qcow2", Size, Identity($"{i}")),
                i % 2 == 0 ? OverlayOptions.Default : new OverlayOptions(17, ExtendedL2: true));
            Qemu.Io(folder[$"{i}"], $"write -P {i} {i * 1000}k 12k", $"write -z {i * 100}k 8k", $"write -P {i + 50} {4 + i}M 4k");
        }

        return folder[$"{depth - 1}"];
    }
}
