using Ramet.Block;
using Ramet.Qcow2;

namespace Ramet.Images;

/// <summary>What one layer takes and holds, in bytes.</summary>
/// <param name="VirtualSize">Size of the disk.</param>
/// <param name="FileLength">Apparent size of the file.</param>
/// <param name="AllocatedBytes">Space the file takes on disk.</param>
/// <param name="DataBytes">Guest bytes that this layer stores.</param>
/// <param name="ZeroBytes">Guest bytes that this layer says are zero.</param>
/// <param name="SharedBytes">Guest bytes whose clusters an internal snapshot of the same file uses too.</param>
/// <param name="SnapshotCount">Internal snapshots in the file.</param>
public sealed record LayerUsage(
    long VirtualSize, long FileLength, long AllocatedBytes, long DataBytes, long ZeroBytes, long SharedBytes, int SnapshotCount)
{
    /// <summary>Guest bytes that this layer decides, its backing does not.</summary>
    public long MappedBytes => DataBytes + ZeroBytes;

    /// <summary>
    /// Measures a layer by its metadata. A layer that a running machine writes can be measured too; the figures are then of about now, and an
    /// error of a kind from <see cref="BlockErrorKind.Malformed"/> on can mean that it was caught in the middle of a change.
    /// </summary>
    public static LayerUsage Measure(string path, ImageFormat format, CancellationToken cancel = default)
    {
        using var device = ImageOpener.OpenRead(path, format);
        var status = FileStatus.Of(path);
        long data = 0, zero = 0, shared = 0;
        if (device is Qcow2Reader layer)
        {
            layer.MeasureLayer(out data, out zero, out shared, cancel);
            return new LayerUsage(layer.Length, status.Length, status.AllocatedBytes, data, zero, shared, layer.Header.SnapshotCount);
        }

        foreach (var extent in ExtentWalk.Over(device))
        {
            cancel.ThrowIfCancellationRequested();
            data += extent.Kind == ExtentKind.Data ? extent.Length : 0;
        }

        return new LayerUsage(device.Length, status.Length, status.AllocatedBytes, data, zero, shared, 0);
    }
}
