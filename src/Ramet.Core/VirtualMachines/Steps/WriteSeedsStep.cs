using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>Writes the cloud-init seeds of VMs.</summary>
internal sealed class WriteSeedsStep(ILayerStore store) : IStep
{
    /// <param name="IsNew">False when the VMs had seeds before: then undoing leaves the new ones, which say the same as the catalog.</param>
    public sealed record Arguments(IReadOnlyList<Guid> Vms, bool IsNew = true);

    public const string Name = "seeds.write";

    public string Kind => Name;

    public bool ChangesCatalog => false;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var vms = await VmLookup.ManyAsync(context.Session, context.Arguments<Arguments>().Vms, cancellationToken);
        await store.WriteSeedsAsync([.. vms.Where(v => v.SeedPath is not null).Select(v => new SeedRequest(v.SeedPath!, CloudInitSeed.FilesOf(v)))], cancellationToken);
    }

    public async Task UndoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (ids, isNew) = context.Arguments<Arguments>();
        if (!isNew)
            return;
        var vms = await VmLookup.ManyAsync(context.Session, ids, cancellationToken);
        await store.DeleteAsync([.. vms.Where(v => v.SeedPath is not null).Select(v => v.SeedPath!)], cancellationToken);
    }
}
