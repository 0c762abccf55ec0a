using Ramet.Block;
using Ramet.Core.Layers;

namespace Ramet.Storage;

// DATASTORE/ramet-datastore.json       whose it is
//           layers/ID.qcow2            a layer; its identity is in a header extension
//           layers/ID.raw              a layer in raw format,
//           layers/ID.raw.json         and its identity beside it
//           layers/.ID.ramet-tmp[/…]   the same layer being made; named by the layer, so that whoever takes the layer back finds it
//           seeds/VM-ID.iso            the VM's cloud-init seed
//           seeds/.VM-ID.ramet-tmp     the same seed being written
//
// Folders are 0711: QEMU runs as another user and must pass through them, but nobody lists them. Files are 0600: what a guest
// stores is its own. libvirt gives the files of a starting VM, the whole chain, to the user it runs QEMU as; sealing takes the
// right to write away and gives no right to anybody. A file that was adopted keeps the rights its owner gave it, but for writing.

/// <summary>Where what is, in a datastore that is a directory.</summary>
internal static class DatastoreLayout
{
    public const UnixFileMode FolderMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode AnyWrite = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static string Marker(string datastore) => Path.Combine(datastore, "ramet-datastore.json");

    public static string Layers(string datastore) => Path.Combine(datastore, "layers");

    public static string Seeds(string datastore) => Path.Combine(datastore, "seeds");

    public static string Layer(string datastore, Guid id, ImageFormat format) =>
        Path.Combine(Layers(datastore), format == ImageFormat.Raw ? $"{id}.raw" : $"{id}.qcow2");

    public static string Seed(string datastore, Guid vmId) => Path.Combine(Seeds(datastore), $"{vmId}.iso");

    /// <summary>The identity of a raw layer.</summary>
    public static string Sidecar(string layerPath) => layerPath + ".json";

    /// <summary>Where a file is being made; null for a path that no layer or seed of a datastore can have.</summary>
    public static string? Temporary(string path) =>
        Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "D", out var id) ? TemporaryFile.NameFor(path, id) : null;
}
