using System.Text.Json;
using Ramet.Core.Layers;

namespace Ramet.Storage;

/// <summary>The identity of a raw layer, which has no header to keep it in: <c>ID.raw.json</c> beside <c>ID.raw</c>.</summary>
internal sealed record RawSidecar(int Version, Guid LayerId, Guid VmId, string Role, DateTimeOffset CreatedAt)
{
    private const int CurrentVersion = 1;

    public static void Write(string layerPath, LayerIdentity identity) => SmallFile.Write(
        DatastoreLayout.Sidecar(layerPath),
        JsonSerializer.SerializeToUtf8Bytes(
            new RawSidecar(CurrentVersion, identity.LayerId, identity.VmId, identity.Role, identity.CreatedAt), StorageJson.Default.RawSidecar));

    /// <summary>Null when there is none that can be read.</summary>
    public static LayerIdentity? Read(string layerPath)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(DatastoreLayout.Sidecar(layerPath)), StorageJson.Default.RawSidecar) is { Version: CurrentVersion } found
                ? new LayerIdentity(found.LayerId, found.VmId, found.Role, found.CreatedAt)
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }
}
