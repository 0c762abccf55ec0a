using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Layers.Steps;
using Ramet.Core.Lineage;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.LinkedClones;

/// <summary>What to clone and how; null takes over what the source has.</summary>
/// <param name="Source">"debian12@v1", or "debian12": its newest snapshot, or one made now.</param>
/// <param name="Name">A name or a pattern (<see cref="NamePattern"/>).</param>
/// <param name="Full">Independent copies.</param>
public sealed record CloneOptions(
    string Source, string Name, bool Start = false, int? Cpus = null, int? MemoryMiB = null, bool Full = false, string? Datastore = null,
    string? Network = null, string? UserData = null, string? SshKeys = null, string? Description = null);

/// <summary>Makes VMs from a snapshot.</summary>
public sealed class CloneService(
    OperationRunner runner, IHypervisors hypervisors, ILayerStore store, SealGuard guard, IdentityFactory identities, TimeProvider time)
{
    private readonly SnapshotPlan _snapshots = new(hypervisors, store, identities, time);

    public Task<Operation> CloneAsync(CloneOptions options, string actor, CancellationToken cancellationToken)
    {
        var names = NamePattern.Expand(options.Name);
        foreach (var name in names)
            VmName.Check(name, "VM");
        VmHardware.Check(options.Cpus, options.MemoryMiB);
        return runner.BeginAsync(actor, session => PlanAsync(session, options, names, cancellationToken), cancellationToken);
    }

    private async Task<OperationPlan> PlanAsync(ICatalogSession session, CloneOptions options, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var at = options.Source.IndexOf('@');
        var graph = await LineageGraph.LoadOneAsync(session, at < 0 ? options.Source : options.Source[..at], cancellationToken);
        var parent = graph.Vms.Values.Single();
        VmSelection.MustBeReady(parent);
        await MustBeFreeAsync(session, names, cancellationToken);
        await HostNetworks.MustExistAsync(hypervisors.Get(parent.HostId), options.Network, cancellationToken);

        var snapshot = at < 0 ? graph.SnapshotsOf(parent.Id).LastOrDefault(s => s.State == SnapshotState.Ready)
            : VmSelection.FindSnapshot(graph, parent.Name, options.Source[(at + 1)..]);
        var origin = snapshot is null ? $"{parent.Name}@{SnapshotPlan.AutomaticName(graph, parent)}" : graph.NameOf(snapshot);
        var what = names.Count == 1 ? names[0] : $"{names[0]} … {names[^1]} ({names.Count})";
        var plan = new OperationPlan("clone", $"{(options.Full ? "Copy" : "Clone")} {origin} to {what}").Names(names);

        if (snapshot is null)
        {
            snapshot = await _snapshots.AddAsync(plan, session, graph, parent, origin[(parent.Name.Length + 1)..], "made for cloning", cancellationToken);
            plan.Warn($"'{parent.Name}' had no snapshot: made {origin}");
        }
        else
        {
            if (snapshot.State != SnapshotState.Ready)
                throw new RametException(ErrorKind.Busy, $"{origin} is still being made, or being deleted", "'ramet operation list' shows by what", origin);
            foreach (var disk in snapshot.Disks)
                await guard.CheckAsync(session, graph.ChainOf(disk.LayerId), cancellationToken);
        }

        if (parent.CloudInit != CloudInitSupport.Yes)
            plan.Warn(SharedIdentity(parent));
        var vms = await AddRecordsAsync(session, graph, parent, snapshot, origin, options, names, cancellationToken);
        AddSteps(plan, parent, snapshot, vms, options);
        return plan;
    }

    private async Task<List<NewClone>> AddRecordsAsync(
        ICatalogSession session, LineageGraph graph, VirtualMachine parent, Snapshot snapshot, string origin, CloneOptions options, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var datastores = await session.ListAsync(session.Datastores, cancellationToken);
        var below = snapshot.Disks.Select(d => graph.Layers[d.LayerId]).ToList();
        var datastore = DatastoreChoice.Of(datastores, options.Datastore, below.Select(l => l.DatastoreId).FirstOrDefault());
        var macs = (await session.ListAsync(session.VirtualMachines.SelectMany(v => v.Nics).Select(n => n.Mac), cancellationToken)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var now = time.GetUtcNow();

        List<NewClone> clones = [];
        foreach (var name in names)
        {
            var id = IdentityFactory.NewVmId();
            var vm = new VirtualMachine
            {
                Id = id,
                Name = name,
                Description = options.Description,
                HostId = parent.HostId,
                Lifecycle = VmLifecycle.Creating,
                OriginSnapshotId = options.Full ? null : snapshot.Id,
                OriginName = origin,
                Cpus = options.Cpus ?? parent.Cpus,
                MemoryMiB = options.MemoryMiB ?? parent.MemoryMiB,
                Firmware = parent.Firmware,
                CloudInit = parent.CloudInit,
                Serial = IdentityFactory.NewSerial(),
                MachineId = IdentityFactory.NewMachineId(),
                Hostname = VmName.ToHostname(name),
                InstanceId = "",
                UserData = options.UserData ?? parent.UserData,
                SshKeys = options.SshKeys ?? parent.SshKeys,
                SeedPath = parent.CloudInit == CloudInitSupport.No ? null : store.SeedPathOf(datastore, id),
                CreatedAt = now,
            };
            IdentityFactory.Renew(vm);
            foreach (var nic in parent.Nics.OrderBy(n => n.Index))
                vm.Nics.Add(new VmNic { Id = identities.NewId(), VmId = id, Index = nic.Index, Mac = IdentityFactory.NewMac(macs), Network = options.Network ?? nic.Network });
            List<(Guid Source, Guid Target)> layers = [];
            foreach (var disk in snapshot.Disks)
            {
                var layer = new Layer
                {
                    Id = identities.NewId(),
                    DatastoreId = datastore.Id,
                    OwnerId = id,
                    Target = disk.Target,
                    Path = "",
                    Format = ImageFormat.Qcow2,
                    State = LayerState.Creating,
                    BackingLayerId = options.Full ? null : disk.LayerId,
                    VirtualSize = graph.Layers[disk.LayerId].VirtualSize,
                    CreatedAt = now,
                };
                layer.Path = store.PathOf(datastore, layer.Id, layer.Format);
                session.Add(layer);
                vm.Disks.Add(new VmDisk { Id = identities.NewId(), VmId = id, Target = disk.Target, LayerId = layer.Id });
                layers.Add((disk.LayerId, layer.Id));
            }

            session.Add(vm);
            clones.Add(new NewClone(vm, layers));
        }

        return clones;
    }

    private static void AddSteps(OperationPlan plan, VirtualMachine parent, Snapshot snapshot, List<NewClone> clones, CloneOptions options)
    {
        List<Guid> vms = [.. clones.Select(c => c.Vm.Id)];
        List<Guid> layers = [.. clones.SelectMany(c => c.Layers).Select(l => l.Target)];
        plan.Stage().Step(KeepRecordsStep.Name, "Reserve names", new KeepRecordsStep.Arguments(vms, layers, []));
        foreach (var id in vms)
            plan.Claim(id);
        if (options.Full)
        {
            foreach (var clone in clones)
            {
                foreach (var (source, target) in clone.Layers)
                    plan.Step(FlattenStep.Name, $"Copy the disk of '{clone.Vm.Name}'", new FlattenStep.Arguments(source, target));
            }
        }
        else
        {
            plan.Step(CreateOverlaysStep.Name, $"Create {Plural(layers.Count, "overlay")}", new CreateOverlaysStep.Arguments(layers));
        }

        plan.Step(WriteSeedsStep.Name, $"Write {Plural(vms.Count, "identity seed")}", new WriteSeedsStep.Arguments(vms))
            .Step(DefineDomainsStep.Name, $"Define {Plural(vms.Count, "domain")}", new DefineDomainsStep.Arguments(parent.HostId, vms, snapshot.Id))
            .Step(MakeReadyStep.Name, "Commit", new MakeReadyStep.Arguments(vms), StepRole.Pivot);
        if (!options.Start)
            return;
        plan.Stage();
        foreach (var clone in clones)
            plan.Step(StartVmStep.Name, $"Start '{clone.Vm.Name}'", new StartVmStep.Arguments(clone.Vm.Id), StepRole.Independent);
    }

    private static async Task MustBeFreeAsync(ICatalogSession session, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        List<string> clash = [];
        foreach (var batch in names.Chunk(500))
            clash.AddRange(await session.ListAsync(session.VirtualMachines.Where(v => batch.Contains(v.Name)).Select(v => v.Name), cancellationToken));
        clash.Sort(StringComparer.Ordinal);
        if (clash.Count > 0)
        {
            throw new RametException(ErrorKind.AlreadyExists, clash.Count == 1 ? $"there is already a VM '{clash[0]}'" : $"{clash.Count} of these names are taken",
                "choose another name or pattern", clash[0], clash.Count == 1 ? [] : [.. clash.Take(20)]);
        }
    }

    private static string SharedIdentity(VirtualMachine parent) =>
        (parent.CloudInit == CloudInitSupport.No ? $"'{parent.Name}' has no cloud-init" : $"it is not known whether '{parent.Name}' has cloud-init")
        + (parent.CloudInit == CloudInitSupport.No ? ": its clones share" : "; if it has none, its clones share")
        + " hostname, machine-id, SSH host keys and DHCP identity (MAC, UUID, serial and generation id are each clone's own)."
        + " Seal the parent before its snapshot: in the guest 'rm -f /etc/ssh/ssh_host_*; truncate -s 0 /etc/machine-id', enable regeneration at boot, shut down";

    internal static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count:N0} {noun}s";

    private sealed record NewClone(VirtualMachine Vm, IReadOnlyList<(Guid Source, Guid Target)> Layers);
}
