using Ramet.Core.Catalog;
using Ramet.Core.Errors;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>VMs by id.</summary>
internal static class VmLookup
{
    public static async Task<IReadOnlyList<VirtualMachine>> ManyAsync(ICatalogSession session, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        List<VirtualMachine> found = [];
        foreach (var batch in ids.Chunk(500))
            found.AddRange(await session.ListAsync(session.VirtualMachines.Where(v => batch.Contains(v.Id)), cancellationToken));
        return found;
    }

    public static async Task<VirtualMachine> OneAsync(ICatalogSession session, Guid id, CancellationToken cancellationToken) =>
        await session.FirstOrDefaultAsync(session.VirtualMachines.Where(v => v.Id == id), cancellationToken)
        ?? throw new RametException(ErrorKind.NotFound, "the VM was deleted meanwhile", @object: id.ToString());
}
