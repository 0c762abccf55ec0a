using System.Text.Json;
using System.Text.Json.Serialization;
using Ramet.Core.Datastores;
using Ramet.Core.Errors;

namespace Ramet.Storage;

/// <summary>What <c>ramet-datastore.json</c> says: which datastore the folder is.</summary>
/// <param name="Id">The datastore's id in the catalog.</param>
/// <param name="Name">For people.</param>
internal sealed record DatastoreMarker(Guid Id, string Name)
{
    /// <summary>Writes the marker where there is none, refuses another datastore's.</summary>
    public static void Ensure(Datastore datastore)
    {
        var path = DatastoreLayout.Marker(datastore.Path);
        var wanted = new DatastoreMarker(datastore.Id, datastore.Name);
        if (File.Exists(path))
        {
            var found = Read(path);
            if (found.Id != datastore.Id)
            {
                throw new RametException(
                    ErrorKind.AlreadyExists, $"the folder {datastore.Path} is the datastore '{found.Name}' ({found.Id}) already",
                    "Choose another folder; or, if that datastore is given up, move its files away first.", datastore.Path);
            }

            if (found == wanted)
                return;
        }

        SmallFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(wanted, StorageJson.Default.DatastoreMarker));
    }

    private static DatastoreMarker Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), StorageJson.Default.DatastoreMarker) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new RametException(ErrorKind.InvalidState, $"the datastore's marker {path} cannot be read: {e.Message}", "Look at the file; a folder whose owner is not known is not used.", path, inner: e);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DatastoreMarker))]
[JsonSerializable(typeof(RawSidecar))]
internal sealed partial class StorageJson : JsonSerializerContext;
