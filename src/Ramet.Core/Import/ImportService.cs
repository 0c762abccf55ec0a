using Ramet.Core.Datastores;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Identity;
using Ramet.Core.Layers;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.Import;

/// <summary>What to import and what VM to make of it.</summary>
/// <param name="Source">Absolute path on this machine, or an http(s) address.</param>
/// <param name="Format">"qcow2", "raw"; null: by the name's ending.</param>
/// <param name="CloudInit">Null: look into the guest.</param>
public sealed record ImportOptions(
    string Source, string Name, string? Sha256 = null, string? Format = null, string? Datastore = null, int? Cpus = null, int? MemoryMiB = null,
    string? Network = null, Firmware Firmware = Firmware.Bios, CloudInitSupport? CloudInit = null, string? UserData = null, string? SshKeys = null,
    string? Description = null, bool Start = false);

/// <summary>Makes a VM from a disk image.</summary>
public sealed class ImportService(OperationRunner runner, IHypervisors hypervisors, ILayerStore store, IdentityFactory identities, TimeProvider time)
{
    public const string DefaultNetwork = "default";

    public async Task<Operation> ImportAsync(ImportOptions options, string actor, CancellationToken cancellationToken)
    {
        VmName.Check(options.Name, "VM");
        VmHardware.Check(options.Cpus, options.MemoryMiB);
        var sha256 = ImageSource.CheckSha256(options.Sha256);
        var format = ImageSource.FormatOf(options.Source, options.Format);
        ImageSource.Check(options.Source);

        // A file is judged before anything is written down; an address only once it has been fetched.
        if (ImageSource.AddressOf(options.Source) is null)
            await store.InspectImportAsync(options.Source, format, cancellationToken);
        return await runner.BeginAsync(actor, async session =>
        {
            if (await session.CountAsync(session.VirtualMachines.Where(v => v.Name == options.Name), cancellationToken) > 0)
                throw new RametException(ErrorKind.AlreadyExists, $"there is already a VM '{options.Name}'", "choose another name", options.Name);
            var host = (await session.ListAsync(session.Hosts, cancellationToken)).OrderBy(h => h.Name == "default" ? 0 : 1).First();
            await HostNetworks.MustExistAsync(hypervisors.Get(host.Id), options.Network, cancellationToken);
            var datastore = DatastoreChoice.Of(await session.ListAsync(session.Datastores, cancellationToken), options.Datastore);
            var macs = (await session.ListAsync(session.VirtualMachines.SelectMany(v => v.Nics).Select(n => n.Mac), cancellationToken)).ToHashSet();

            var (vm, layer) = Records(options, format, host, datastore, macs);
            session.Add(layer);
            session.Add(vm);

            var plan = new OperationPlan("import", $"Import {options.Source} as {vm.Name}").Names(vm.Name).Claim(vm.Id)
                .Step(KeepRecordsStep.Name, "Reserve names", new KeepRecordsStep.Arguments([vm.Id], [layer.Id], []))
                .Step(ImportStep.Name, "Bring the image into the datastore", new ImportStep.Arguments(vm.Id, layer.Id, options.Source, sha256, options.CloudInit is null))
                .Step(WriteSeedsStep.Name, "Write its identity seed", new WriteSeedsStep.Arguments([vm.Id]))
                .Step(DefineDomainsStep.Name, "Define its domain", new DefineDomainsStep.Arguments(host.Id, [vm.Id]))
                .Step(MakeReadyStep.Name, "Commit", new MakeReadyStep.Arguments([vm.Id]), StepRole.Pivot);
            if (options.Start)
                plan.Stage().Step(StartVmStep.Name, $"Start '{vm.Name}'", new StartVmStep.Arguments(vm.Id), StepRole.Independent);
            return plan;
        }, cancellationToken);
    }

    private (VirtualMachine Vm, Layer Layer) Records(ImportOptions options, ImageFormat format, Host host, Datastore datastore, HashSet<string> macs)
    {
        var id = IdentityFactory.NewVmId();
        var layer = new Layer
        {
            Id = identities.NewId(),
            DatastoreId = datastore.Id,
            OwnerId = id,
            Target = "vda",
            Path = "",
            Format = format,
            State = LayerState.Creating,
            CreatedAt = time.GetUtcNow(),
        };
        layer.Path = store.PathOf(datastore, layer.Id, format);
        var vm = new VirtualMachine
        {
            Id = id,
            Name = options.Name,
            Description = options.Description,
            HostId = host.Id,
            Lifecycle = VmLifecycle.Creating,
            Cpus = options.Cpus ?? VmHardware.DefaultCpus,
            MemoryMiB = options.MemoryMiB ?? VmHardware.DefaultMemoryMiB,
            Firmware = options.Firmware,
            CloudInit = options.CloudInit ?? CloudInitSupport.Unknown,
            Serial = IdentityFactory.NewSerial(),
            MachineId = IdentityFactory.NewMachineId(),
            Hostname = VmName.ToHostname(options.Name),
            InstanceId = "",
            UserData = options.UserData,
            SshKeys = options.SshKeys,
            SeedPath = options.CloudInit == CloudInitSupport.No ? null : store.SeedPathOf(datastore, id),
            CreatedAt = time.GetUtcNow(),
        };
        IdentityFactory.Renew(vm);
        vm.Disks.Add(new VmDisk { Id = identities.NewId(), VmId = id, Target = "vda", LayerId = layer.Id });
        vm.Nics.Add(new VmNic { Id = identities.NewId(), VmId = id, Index = 0, Mac = IdentityFactory.NewMac(macs), Network = options.Network ?? DefaultNetwork });
        return (vm, layer);
    }
}
