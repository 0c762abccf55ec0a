using Ramet.Block;
using Ramet.Core.Layers;
using Ramet.Images;

namespace Ramet.Storage;

/// <summary>Core's words in the block engine's, and back.</summary>
internal static class EngineTypes
{
    public static Images.ImageFormat ToEngine(this Core.Layers.ImageFormat format) =>
        format == Core.Layers.ImageFormat.Raw ? Images.ImageFormat.Raw : Images.ImageFormat.Qcow2;

    public static Core.Layers.ImageFormat ToCore(this Images.ImageFormat format) =>
        format == Images.ImageFormat.Raw ? Core.Layers.ImageFormat.Raw : Core.Layers.ImageFormat.Qcow2;

    public static ChainLayer ToEngine(this LayerFile file) => new(file.Path, file.Format.ToEngine());

    public static Qcow2.LayerIdentity ToEngine(this LayerIdentity identity) =>
        new() { LayerId = identity.LayerId, VmId = identity.VmId, Role = identity.Role, CreatedAt = identity.CreatedAt };

    public static LayerIdentity ToCore(this Qcow2.LayerIdentity identity) =>
        new(identity.LayerId, identity.VmId ?? Guid.Empty, identity.Role, identity.CreatedAt);

    public static IProgress<BlockProgress>? ToEngine(this IProgress<(long Done, long Total)>? progress) =>
        progress is null ? null : new Forward(progress);

    /// <summary>Nanoseconds since 1970; .NET's clock has steps of 100.</summary>
    public static long MtimeNs(this FileStatus status) => (status.ModifiedAt - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private sealed class Forward(IProgress<(long Done, long Total)> to) : IProgress<BlockProgress>
    {
        public void Report(BlockProgress value) => to.Report((value.Done, value.Total));
    }
}
