using Ramet.Core.Datastores;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Catalog.Tests;

/// <summary>Valid entities; ids ascend, as the server's do.</summary>
internal static class Samples
{
    /// <summary>With 100 ns that no catalog keeps, and an offset.</summary>
    public static readonly DateTimeOffset Moment = new DateTimeOffset(2026, 3, 29, 3, 30, 0, TimeSpan.FromHours(2)).AddTicks(1_234_567);

    public static Host Host(string name = "default") =>
        new() { Id = Guid.CreateVersion7(), Name = name, Uri = "qemu:///system", CreatedAt = Moment };

    public static Datastore Datastore(string name = "default") =>
        new() { Id = Guid.CreateVersion7(), Name = name, Path = "/var/lib/ramet/datastore", Tier = "nvme", CreatedAt = Moment };

    public static Layer Layer(Datastore datastore, Layer? backing = null)
    {
        var id = Guid.CreateVersion7();
        return new Layer
        {
            Id = id,
            DatastoreId = datastore.Id,
            OwnerId = Guid.CreateVersion7(),
            Target = "vda",
            Path = $"{datastore.Path}/layers/{id}.qcow2",
            Format = ImageFormat.Qcow2,
            State = LayerState.Active,
            BackingLayerId = backing?.Id,
            VirtualSize = 100L << 30,
            CreatedAt = Moment,
        };
    }

    public static VirtualMachine Vm(Host host, string name, params IEnumerable<Layer> layers)
    {
        var id = Guid.CreateVersion7();
        return new VirtualMachine
        {
            Id = id,
            Name = name,
            HostId = host.Id,
            Lifecycle = VmLifecycle.Ready,
            Cpus = 2,
            MemoryMiB = 512,
            Firmware = Firmware.Uefi,
            CloudInit = CloudInitSupport.Yes,
            GenerationId = Guid.NewGuid(),
            Serial = id.ToString("N"),
            MachineId = id.ToString("N"),
            Hostname = name,
            InstanceId = id.ToString(),
            SeedPath = $"/var/lib/ramet/datastore/seeds/{id}.iso",
            CreatedAt = Moment,
            Disks = [.. layers.Select((l, i) => new VmDisk { Id = Guid.CreateVersion7(), Target = $"vd{(char)('a' + i)}", LayerId = l.Id })],
            Nics = [new VmNic { Id = Guid.CreateVersion7(), Mac = Mac(id), Network = "default" }],
        };
    }

    public static Snapshot Snapshot(VirtualMachine vm, string name, params IEnumerable<Layer> layers) => new()
    {
        Id = Guid.CreateVersion7(),
        VmId = vm.Id,
        Name = name,
        State = SnapshotState.Ready,
        DefinitionXml = "<domain/>",
        CreatedAt = Moment,
        Disks = [.. layers.Select((l, i) => new SnapshotDisk { Id = Guid.CreateVersion7(), Target = $"vd{(char)('a' + i)}", LayerId = l.Id })],
    };

    public static Operation Operation(int steps, DateTimeOffset? createdAt = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = "clone",
        Title = "Clone debian12@v1 to seat-01",
        Actor = "uid:0 (root)",
        State = OperationState.Running,
        CreatedAt = createdAt ?? Moment,
        Steps = [.. Enumerable.Range(0, steps).Select(i => new OperationStep { Index = i, Kind = "overlays", Title = "Create overlays", Arguments = "{}" })],
    };

    private static string Mac(Guid id)
    {
        var bytes = id.ToByteArray();
        return $"52:54:{bytes[12]:x2}:{bytes[13]:x2}:{bytes[14]:x2}:{bytes[15]:x2}";
    }
}
