using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Layers.Steps;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.VirtualMachines;

/// <summary>Takes a VM that libvirt already has under management. Its disks and its definition stay as they are.</summary>
public sealed class AdoptService(OperationRunner runner, IHypervisors hypervisors, ILayerStore store, IdentityFactory identities, TimeProvider time)
{
    /// <param name="domain">Its name or UUID in libvirt.</param>
    public Task<Operation> AdoptAsync(string domain, CloudInitSupport cloudInit, string actor, CancellationToken cancellationToken) =>
        runner.BeginAsync(actor, async session =>
        {
            var host = (await session.ListAsync(session.Hosts, cancellationToken)).OrderBy(h => h.Name == "default" ? 0 : 1).First();
            var hypervisor = hypervisors.Get(host.Id);
            await HostNetworks.MustBeConnectedAsync(hypervisor, cancellationToken);
            var found = await hypervisor.DescribeAsync(domain, cancellationToken);
            await CheckAsync(session, found, cancellationToken);
            VmName.Check(found.Name, "VM");

            var vm = new VirtualMachine
            {
                Id = found.Id,
                Name = found.Name,
                Description = found.Description,
                HostId = host.Id,
                Lifecycle = VmLifecycle.Creating,
                Cpus = found.Cpus,
                MemoryMiB = found.MemoryMiB,
                Firmware = found.Firmware,
                CloudInit = cloudInit,
                Adopted = true,
                GenerationId = found.GenerationId ?? Guid.Empty,
                Serial = found.Serial ?? "",
                Hostname = VmName.ToHostname(found.Name),
                InstanceId = "",
                CreatedAt = time.GetUtcNow(),
            };
            foreach (var (nic, index) in found.Nics.Select((n, i) => (n, i)))
                vm.Nics.Add(new VmNic { Id = identities.NewId(), VmId = vm.Id, Index = index, Mac = nic.Mac.ToLowerInvariant(), Network = nic.Network });
            List<Guid> made = [];
            List<Guid> backing = [];
            foreach (var disk in found.Disks.Where(d => !d.ReadOnly))
                await AddDiskAsync(session, vm, disk, made, backing, cancellationToken);
            session.Add(vm);

            var plan = new OperationPlan("adopt", $"Adopt {vm.Name}").Names(vm.Name).Claim(vm.Id)
                .Step(KeepRecordsStep.Name, "Reserve names", new KeepRecordsStep.Arguments([vm.Id], made, []))
                .Step(MakeReadyStep.Name, "Commit", new MakeReadyStep.Arguments([vm.Id]), StepRole.Pivot);
            if (backing.Count > 0)
                plan.Step(SealLayersStep.Name, $"Seal {LinkedClones.CloneService.Plural(backing.Count, "backing layer")}", new SealLayersStep.Arguments(backing));
            return plan;
        }, cancellationToken);

    private static async Task CheckAsync(ICatalogSession session, DomainDescription found, CancellationToken cancellationToken)
    {
        if (await session.FirstOrDefaultAsync(session.VirtualMachines.Where(v => v.Id == found.Id || v.Name == found.Name), cancellationToken) is { } known)
            throw new RametException(ErrorKind.AlreadyExists, $"'{known.Name}' is under management already", $"'ramet show {known.Name}' shows it", known.Name);
        if (!found.Persistent)
            throw new RametException(ErrorKind.Unsupported, $"'{found.Name}' is a transient domain: it is gone when it stops", "define it in libvirt first", found.Name);
        if (found.UnsupportedDisks.Count > 0)
            throw new RametException(ErrorKind.Unsupported, $"'{found.Name}' has disks that are not files: {string.Join(", ", found.UnsupportedDisks)}", "only file-backed disks can be adopted", found.Name);
        if (found.Disks.All(d => d.ReadOnly))
            throw new RametException(ErrorKind.InvalidState, $"'{found.Name}' has no disk that could be snapshotted", "nothing was changed", found.Name);
        if (found.Disks.FirstOrDefault(d => d.Format is null) is { } undeclared)
        {
            throw new RametException(ErrorKind.InvalidImage, $"disk {undeclared.Target} of '{found.Name}' declares no format that Ramet knows: formats are declared, never probed",
                "set <driver type='qcow2'/> or 'raw' in the domain with virsh edit", undeclared.Path);
        }
    }

    private async Task AddDiskAsync(ICatalogSession session, VirtualMachine vm, DescribedDisk disk, List<Guid> made, List<Guid> backing, CancellationToken cancellationToken)
    {
        var chain = await store.InspectChainAsync(disk.Path, disk.Format!.Value, cancellationToken);
        Guid? below = null;
        // From the base up, so that each layer knows the one below it.
        for (var i = chain.Count - 1; i >= 0; i--)
        {
            var facts = chain[i];
            var known = await session.FirstOrDefaultAsync(session.Layers.Where(l => l.Path == facts.Path), cancellationToken);
            if (known is not null && i == 0)
                throw new RametException(ErrorKind.AlreadyExists, $"the disk {facts.Path} of '{vm.Name}' belongs to a VM under management", "'ramet doctor' tells which", facts.Path);
            if (known is not null)
            {
                below = known.Id;
                continue;
            }

            var layer = new Layer
            {
                Id = identities.NewId(),
                OwnerId = vm.Id,
                Target = disk.Target,
                Path = facts.Path,
                Format = facts.Format,
                State = i == 0 ? LayerState.Active : LayerState.Sealing,
                BackingLayerId = below,
                VirtualSize = facts.VirtualSize,
                Managed = i == 0,
                CreatedAt = time.GetUtcNow(),
            };
            session.Add(layer);
            made.Add(layer.Id);
            if (i > 0)
                backing.Add(layer.Id);
            below = layer.Id;
        }

        vm.Disks.Add(new VmDisk { Id = identities.NewId(), VmId = vm.Id, Target = disk.Target, LayerId = below!.Value });
    }
}
