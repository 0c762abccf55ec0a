using Ramet.Core.Errors;

namespace Ramet.Core.Datastores;

/// <summary>Which datastore new layers go to.</summary>
internal static class DatastoreChoice
{
    /// <summary>The named one; else the one where the layer below is; else "default"; else the oldest.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>.</exception>
    public static Datastore Of(IReadOnlyList<Datastore> datastores, string? name, Guid? near = null)
    {
        if (name is not null)
        {
            return datastores.FirstOrDefault(d => d.Name == name)
                ?? throw new RametException(ErrorKind.NotFound, $"there is no datastore '{name}'", $"there are: {string.Join(", ", datastores.Select(d => d.Name))}", name);
        }

        return datastores.FirstOrDefault(d => d.Id == near)
            ?? datastores.OrderBy(d => d.Name == "default" ? 0 : 1).ThenBy(d => d.CreatedAt).FirstOrDefault()
            ?? throw new RametException(ErrorKind.InvalidState, "there is no datastore", "add one with 'ramet datastore add'");
    }
}
