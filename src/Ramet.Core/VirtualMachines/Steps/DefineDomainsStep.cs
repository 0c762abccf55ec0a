using Ramet.Core.Hosts;
using Ramet.Core.Operations;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>Defines the domains of new VMs in libvirt.</summary>
internal sealed class DefineDomainsStep(IHypervisors hypervisors) : IStep
{
    /// <param name="SnapshotId">The snapshot whose definition is taken over; null to write one from scratch.</param>
    public sealed record Arguments(Guid HostId, IReadOnlyList<Guid> Vms, Guid? SnapshotId = null);

    public const string Name = "domains.define";

    public string Kind => Name;

    public bool ChangesCatalog => false;

    public int Weight => 5;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (hostId, ids, snapshotId) = context.Arguments<Arguments>();
        var template = snapshotId is null ? null
            : (await context.Session.FirstOrDefaultAsync(context.Session.Snapshots.Where(s => s.Id == snapshotId), cancellationToken))?.DefinitionXml;
        var vms = await VmLookup.ManyAsync(context.Session, ids, cancellationToken);
        var definitions = await DomainDefinitions.OfAsync(context.Session, vms, template, cancellationToken);
        await hypervisors.Get(hostId).DefineAsync(definitions, context.Count(ids.Count), cancellationToken);
    }

    public Task UndoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (hostId, ids, _) = context.Arguments<Arguments>();
        return hypervisors.Get(hostId).RemoveAsync(ids, null, cancellationToken);
    }
}
