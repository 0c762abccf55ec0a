using Ramet.Block;
using Ramet.Qcow2;

namespace Ramet.Images;

/// <summary>The layers of a disk, active layer first, opened for reading as one device.</summary>
public sealed class BackingChain : IBlockDevice, IExtentMap
{
    private readonly List<IBlockDevice> _devices;

    private BackingChain(IReadOnlyList<ChainLayer> layers, List<IBlockDevice> devices)
    {
        Layers = layers;
        _devices = devices;
    }

    /// <summary>From the active layer to the base.</summary>
    public IReadOnlyList<ChainLayer> Layers { get; }

    public long Length => Top.Length;

    private IBlockDevice Top => _devices[0];

    /// <summary>Opens exactly these layers, and demands that each header names the next of them.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.ChainMismatch"/> when a header names another file or format, or none where there should be one.</exception>
    public static BackingChain Open(IReadOnlyList<ChainLayer> layers, ImageLockMode locking = ImageLockMode.None)
    {
        ArgumentOutOfRangeException.ThrowIfZero(layers.Count, nameof(layers));
        var devices = new List<IBlockDevice>();
        try
        {
            for (var i = layers.Count - 1; i >= 0; i--)
            {
                var device = ImageOpener.OpenRead(layers[i].Path, layers[i].Format, devices.FirstOrDefault(), locking);
                devices.Insert(0, device);
                DemandBacking(layers[i], device, i + 1 < layers.Count ? layers[i + 1] : null);
            }

            return new BackingChain(layers, devices);
        }
        catch
        {
            devices.ForEach(d => d.Dispose());
            throw;
        }
    }

    /// <summary>Follows the headers down from one layer whose format is declared, and opens what it finds.</summary>
    public static BackingChain OpenFollowing(string path, ImageFormat format, ChainPolicy? policy = null, ImageLockMode locking = ImageLockMode.None) =>
        Open(Describe(path, format, policy), locking);

    /// <summary>Follows the headers down from one layer whose format is declared; opens nothing for longer than it takes to read its header.</summary>
    /// <exception cref="BlockException">
    /// <see cref="BlockErrorKind.FormatUndeclared"/>, <see cref="BlockErrorKind.BackingRefused"/>, <see cref="BlockErrorKind.ChainTooDeep"/> (also for a
    /// chain that closes on itself), <see cref="BlockErrorKind.NotFound"/> with the missing layer's path.
    /// </exception>
    public static IReadOnlyList<ChainLayer> Describe(string path, ImageFormat format, ChainPolicy? policy = null)
    {
        policy ??= new ChainPolicy();
        var layers = new List<ChainLayer> { new(Path.GetFullPath(path), format) };
        while (layers[^1].Format == ImageFormat.Qcow2)
        {
            var overlay = layers[^1].Path;
            using var file = RawFile.OpenRead(overlay);
            var area = HeaderArea.Read(file);
            if (area.BackingName is not { } name)
                break;
            var backing = BackingName.Resolve(overlay, name);
            policy.Demand(overlay, backing);
            if (!ImageFormats.TryParse(area.BackingFormat, out var backingFormat))
                throw new BlockException(BlockErrorKind.FormatUndeclared, "open", overlay, $"the backing file's format is {area.BackingFormat ?? "not declared"}");
            if (layers.Count >= policy.MaxDepth || layers.Any(l => l.Path == backing))
                throw new BlockException(BlockErrorKind.ChainTooDeep, "open", overlay, $"more than {policy.MaxDepth} layers, or a layer backs onto itself");
            layers.Add(new ChainLayer(backing, backingFormat));
        }

        return layers;
    }

    public void Read(long offset, Span<byte> buffer) => Top.Read(offset, buffer);

    public Extent GetExtent(long offset) => ((IExtentMap)Top).GetExtent(offset);

    public void Dispose() => _devices.ForEach(d => d.Dispose());

    private static void DemandBacking(ChainLayer layer, IBlockDevice device, ChainLayer? declared)
    {
        if (device is not Qcow2Reader { Area: var area })
            return;
        var found = area.BackingName is { } name ? BackingName.Resolve(layer.Path, name) : null;
        if (found is null && declared is null)
            return;
        if (found is null || declared is null || !SameFile(found, declared.Path))
            throw new BlockException(BlockErrorKind.ChainMismatch, "open", layer.Path, $"the header names the backing {found ?? "none"}, declared is {declared?.Path ?? "none"}");
        if (area.BackingFormat is { } format && format != declared.Format.Name())
            throw new BlockException(BlockErrorKind.ChainMismatch, "open", layer.Path, $"the header declares the backing as {format}, declared is {declared.Format.Name()}");
    }

    private static bool SameFile(string a, string b)
    {
        if (a == Path.GetFullPath(b))
            return true;
        if (!File.Exists(a))
            return false;
        var (x, y) = (FileStatus.Of(a), FileStatus.Of(b));
        return (x.Device, x.Inode) == (y.Device, y.Inode);
    }
}
