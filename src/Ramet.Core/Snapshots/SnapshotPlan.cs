using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Layers.Steps;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots.Steps;
using Ramet.Core.VirtualMachines;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.Snapshots;

/// <summary>Plans a snapshot: its own operation, and the first stage of cloning a VM that has none.</summary>
internal sealed class SnapshotPlan(IHypervisors hypervisors, ILayerStore store, IdentityFactory identities, TimeProvider time)
{
    /// <summary>
    /// Adds the records and the stage: a new layer on top of each disk, the switch to it (live where the VM runs), and the
    /// seal on the layers of before, which become the snapshot's.
    /// </summary>
    public async Task<Snapshot> AddAsync(
        OperationPlan plan, ICatalogSession session, LineageGraph graph, VirtualMachine vm, string name, string? description, CancellationToken cancellationToken)
    {
        VmSelection.MustBeReady(vm);
        VmName.Check(name, "snapshot");
        if (graph.SnapshotsOf(vm.Id).Any(s => s.Name == name))
            throw new RametException(ErrorKind.AlreadyExists, $"'{vm.Name}' already has a snapshot '{name}'", "choose another name", $"{vm.Name}@{name}");

        var datastores = (await session.ListAsync(session.Datastores, cancellationToken)).ToDictionary(d => d.Id);
        var definition = await hypervisors.Get(vm.HostId).DescribeAsync(vm.Id.ToString(), cancellationToken);
        var snapshot = new Snapshot
        {
            Id = identities.NewId(),
            VmId = vm.Id,
            Name = name,
            Description = description,
            State = SnapshotState.Creating,
            ParentSnapshotId = graph.SnapshotsOf(vm.Id).LastOrDefault()?.Id,
            DefinitionXml = definition.Xml,
            CreatedAt = time.GetUtcNow(),
        };
        Dictionary<string, Guid> switches = [];
        foreach (var disk in vm.Disks)
        {
            var active = graph.Layers[disk.LayerId];
            snapshot.Disks.Add(new SnapshotDisk { Id = identities.NewId(), SnapshotId = snapshot.Id, Target = disk.Target, LayerId = active.Id });
            var datastore = active.DatastoreId is { } known ? datastores[known] : DatastoreChoice.Of([.. datastores.Values], null);
            var id = identities.NewId();
            session.Add(new Layer
            {
                Id = id,
                DatastoreId = datastore.Id,
                OwnerId = vm.Id,
                Target = disk.Target,
                Path = store.PathOf(datastore, id, ImageFormat.Qcow2),
                Format = ImageFormat.Qcow2,
                State = LayerState.Creating,
                BackingLayerId = active.Id,
                VirtualSize = active.VirtualSize,
                CreatedAt = time.GetUtcNow(),
            });
            switches[disk.Target] = id;
        }

        session.Add(snapshot);
        var fullName = $"{vm.Name}@{name}";
        plan.Stage().Claim(vm.Id)
            .Step(KeepRecordsStep.Name, "Reserve names", new KeepRecordsStep.Arguments([], [.. switches.Values], [snapshot.Id]))
            .Step(CreateOverlaysStep.Name, $"Create the layer that '{vm.Name}' writes to from now on", new CreateOverlaysStep.Arguments([.. switches.Values]))
            .Step(SwitchDisksStep.Name, $"Switch '{vm.Name}' to it", new SwitchDisksStep.Arguments(vm.Id, switches, snapshot.Id), StepRole.Pivot)
            .Step(SealLayersStep.Name, $"Seal {fullName}", new SealLayersStep.Arguments([.. snapshot.Disks.Select(d => d.LayerId)]))
            .Step(SnapshotReadyStep.Name, $"Open {fullName} for clones", new SnapshotReadyStep.Arguments(snapshot.Id, fullName));
        return snapshot;
    }

    /// <summary>A name that the VM's snapshots do not have: auto-1, auto-2, …</summary>
    public static string AutomaticName(LineageGraph graph, VirtualMachine vm)
    {
        var taken = graph.SnapshotsOf(vm.Id).Select(s => s.Name).ToHashSet();
        return Enumerable.Range(1, int.MaxValue).Select(i => $"auto-{i}").First(n => !taken.Contains(n));
    }
}
