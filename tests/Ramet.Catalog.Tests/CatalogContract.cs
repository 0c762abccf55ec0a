using System.Text.Json;
using Ramet.Core.Access;
using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;

namespace Ramet.Catalog.Tests;

public sealed class SqliteCatalogTests(PostgresCluster cluster) : CatalogContract(CatalogProvider.Sqlite, cluster);

public sealed class PostgresCatalogTests(PostgresCluster cluster) : CatalogContract(CatalogProvider.Postgres, cluster);

/// <summary>What every catalog does, whatever database it is on: reading and writing. What it refuses is in the other file.</summary>
public abstract partial class CatalogContract(CatalogProvider provider, PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestDatabase _database = null!;

    private EfCatalog Catalog => _database.Catalog;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync(provider, cluster);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_vm_comes_back_as_it_was_with_disks_and_interfaces()
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        Layer[] layers = [Samples.Layer(datastore), Samples.Layer(datastore)];
        var vm = Samples.Vm(host, "debian12", layers);
        vm.UserData = "#cloud-config\nname: 'Zoë ☃'\n";
        await AddAsync([host, datastore, .. layers, vm]);

        foreach (var open in new Func<ICatalogSession>[] { Catalog.Open, Catalog.OpenReadOnly })
        {
            await using var session = open();
            Same(vm, await session.FirstOrDefaultAsync(session.VirtualMachines.Where(v => v.Name == "debian12"), None));
            Same(layers[1], await session.FirstOrDefaultAsync(session.Layers.Where(l => l.Id == layers[1].Id), None));
        }
    }

    [Fact]
    public async Task Every_other_noun_comes_back_as_it_was()
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        var layer = Samples.Layer(datastore);
        layer.Digest = "sha256-1m:00";
        layer.SealedMtimeNs = long.MaxValue;
        var vm = Samples.Vm(host, "debian12");
        var snapshot = Samples.Snapshot(vm, "v1", layer);
        var operation = Samples.Operation(steps: 3);
        operation.ErrorKind = ErrorKind.NoSpace;
        operation.Progress = 1.0 / 3;
        var token = new ApiToken { Id = Guid.CreateVersion7(), Name = "ci", Hash = new string('a', 64), CreatedAt = Samples.Moment, ExpiresAt = Samples.Moment };
        await AddAsync(host, datastore, layer, vm, snapshot, operation, token);

        await using var session = Catalog.OpenReadOnly();
        Same(host, await session.FirstOrDefaultAsync(session.Hosts, None));
        Same(datastore, await session.FirstOrDefaultAsync(session.Datastores, None));
        Same(layer, await session.FirstOrDefaultAsync(session.Layers, None));
        Same(snapshot, await session.FirstOrDefaultAsync(session.Snapshots, None));
        Same(token, await session.FirstOrDefaultAsync(session.Tokens, None));
        Same(operation.Steps, await session.ListAsync(session.Steps.OrderBy(s => s.Index), None));
        var found = await session.FirstOrDefaultAsync(session.Operations, None);
        Assert.Empty(found!.Steps);
        operation.Steps.Clear();
        Same(operation, found);
    }

    [Fact]
    public async Task Audit_entries_get_ascending_ids()
    {
        for (var i = 0; i < 3; i++)
            await AddAsync(new AuditEntry { At = Samples.Moment, Actor = "uid:0 (root)", Action = $"POST /{i}", Outcome = 202, OperationId = Guid.NewGuid() });

        await using var session = Catalog.OpenReadOnly();
        var entries = await session.ListAsync(session.Audit.OrderBy(a => a.Id), None);
        Assert.Equal(["POST /0", "POST /1", "POST /2"], entries.Select(e => e.Action));
        Assert.True(entries[0].Id > 0);
    }

    [Fact]
    public async Task Moments_sort_and_compare_whatever_their_offset()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        DateTimeOffset[] moments = [noon.AddMicroseconds(1), noon.AddDays(-9000), noon.ToOffset(TimeSpan.FromHours(-11)), noon.AddMinutes(1).ToOffset(TimeSpan.FromHours(13))];
        foreach (var moment in moments)
            await AddAsync(Samples.Operation(steps: 0, moment));

        await using var session = Catalog.OpenReadOnly();
        var sorted = await session.ListAsync(session.Operations.OrderBy(o => o.CreatedAt).Select(o => o.CreatedAt), None);
        Assert.Equal(moments.OrderBy(m => m.UtcTicks), sorted);
        Assert.All(sorted, m => Assert.Equal(TimeSpan.Zero, m.Offset));
        Assert.Equal(2, await session.CountAsync(session.Operations.Where(o => o.CreatedAt <= noon), None));
    }

    [Fact]
    public async Task Names_sort_by_code_point()
    {
        string[] names = ["zeta", "Zeta", "alpha", "_x", "seat-10", "seat-9", "é"];
        foreach (var name in names)
            await AddAsync(Samples.Host(name));

        await using var session = Catalog.OpenReadOnly();
        Assert.Equal(names.Order(StringComparer.Ordinal), await session.ListAsync(session.Hosts.OrderBy(h => h.Name).Select(h => h.Name), None));
    }

    [Fact]
    public async Task A_list_of_ten_thousand_ids_is_one_query()
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        var layer = Samples.Layer(datastore);
        var vm = Samples.Vm(host, "debian12", layer);
        await AddAsync(host, datastore, layer, vm);

        List<Guid> ids = [.. Enumerable.Range(0, 9_999).Select(_ => Guid.NewGuid()), vm.Id];
        List<string> names = [.. ids.Select(i => i.ToString()), "debian12"];
        await using var session = Catalog.OpenReadOnly();
        Assert.Equal(1, await session.CountAsync(session.VirtualMachines.Where(v => ids.Contains(v.Id)), None));
        Assert.Equal(1, await session.CountAsync(session.VirtualMachines.Where(v => names.Contains(v.Name)), None));
        Assert.Equal(0, await session.CountAsync(session.VirtualMachines.Where(v => v.OriginSnapshotId != null && ids.Contains(v.OriginSnapshotId.Value)), None));
    }

    [Fact]
    public async Task A_disk_moves_to_another_layer_and_gains_company()
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        Layer[] layers = [Samples.Layer(datastore), Samples.Layer(datastore), Samples.Layer(datastore)];
        var vm = Samples.Vm(host, "seat-01", layers[0]);
        await AddAsync([host, datastore, .. layers, vm]);

        await using (var session = Catalog.Open())
        {
            var found = (await session.FirstOrDefaultAsync(session.VirtualMachines, None))!;
            found.Disks[0].LayerId = layers[1].Id;
            found.Disks.Add(new VmDisk { Id = Guid.CreateVersion7(), Target = "vdb", LayerId = layers[2].Id });
            session.Remove((await session.FirstOrDefaultAsync(session.Layers.Where(l => l.Id == layers[0].Id), None))!);
            await session.SaveAsync(None);
        }

        await using var reading = Catalog.OpenReadOnly();
        var after = (await reading.FirstOrDefaultAsync(reading.VirtualMachines, None))!;
        Assert.Equal([layers[1].Id, layers[2].Id], after.Disks.Select(d => d.LayerId));
        Assert.Equal(2, await reading.CountAsync(reading.Layers, None));
    }

    [Fact]
    public async Task Disks_and_interfaces_come_in_order_and_can_be_replaced_whole()
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        Layer[] layers = [.. Enumerable.Range(0, 6).Select(_ => Samples.Layer(datastore))];
        var vm = Samples.Vm(host, "seat-01", layers[..4].Reverse());
        vm.Disks.Reverse();
        await AddAsync([host, datastore, .. layers, vm]);

        await using (var session = Catalog.Open())
        {
            var found = (await session.FirstOrDefaultAsync(session.VirtualMachines, None))!;
            Assert.Equal(["vda", "vdb", "vdc", "vdd"], found.Disks.Select(d => d.Target));
            Assert.Equal(layers[3].Id, found.Disks[0].LayerId);
            found.Disks.Clear();
            found.Disks.AddRange(layers[4..].Select((l, i) => new VmDisk { Id = Guid.CreateVersion7(), Target = i == 0 ? "vda" : "vdx", LayerId = l.Id }));
            await session.SaveAsync(None);
        }

        await using var reading = Catalog.OpenReadOnly();
        var after = (await reading.FirstOrDefaultAsync(reading.VirtualMachines, None))!;
        Assert.Equal(layers[4..].Select(l => l.Id), after.Disks.Select(d => d.LayerId));
    }

    [Fact]
    public async Task What_is_part_of_a_thing_goes_with_it()
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        var (sealedLayer, active) = (Samples.Layer(datastore), Samples.Layer(datastore));
        var vm = Samples.Vm(host, "debian12", active);
        var snapshot = Samples.Snapshot(vm, "v1", sealedLayer);
        var operation = Samples.Operation(steps: 4);
        await AddAsync(host, datastore, sealedLayer, active, vm, snapshot, operation);

        await using var session = Catalog.Open();
        session.Remove((await session.FirstOrDefaultAsync(session.Operations, None))!);
        session.Remove((await session.FirstOrDefaultAsync(session.VirtualMachines, None))!);
        session.Remove((await session.FirstOrDefaultAsync(session.Snapshots, None))!);
        await session.SaveAsync(None);

        Assert.Equal(0, await session.CountAsync(session.Steps, None));
        // Nothing refers to the layers any more, neither disk nor snapshot.
        session.RemoveRange(await session.ListAsync(session.Layers, None));
        await session.SaveAsync(None);
        Assert.Equal(0, await session.CountAsync(session.Layers, None));
    }

    [Fact]
    public async Task A_parent_goes_with_its_snapshot_its_clone_and_their_chain_in_one_save()
    {
        await AddLineageAsync();

        await using var session = Catalog.Open();
        session.RemoveRange(await session.ListAsync(session.Layers, None));
        session.RemoveRange(await session.ListAsync(session.VirtualMachines, None));
        session.RemoveRange(await session.ListAsync(session.Snapshots, None));
        await session.SaveAsync(None);

        Assert.Equal(0, await session.CountAsync(session.VirtualMachines, None));
        Assert.Equal(0, await session.CountAsync(session.Layers, None));
    }

    [Fact]
    public async Task Sessions_that_save_at_once_take_turns()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await AddAsync(Samples.Host($"host-{task}-{i}"));
        })));

        await using var session = Catalog.OpenReadOnly();
        Assert.Equal(200, await session.CountAsync(session.Hosts, None));
    }

    private async Task AddAsync(params object[] entities)
    {
        await using var session = Catalog.Open();
        session.AddRange(entities);
        await session.SaveAsync(None);
    }

    /// <summary>A parent with a snapshot and a linked clone of it: base ← active of the parent, base ← active of the clone.</summary>
    private async Task AddLineageAsync()
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        var root = Samples.Layer(datastore);
        var (ofParent, ofClone) = (Samples.Layer(datastore, root), Samples.Layer(datastore, root));
        var parent = Samples.Vm(host, "debian12", ofParent);
        var snapshot = Samples.Snapshot(parent, "v1", root);
        var clone = Samples.Vm(host, "seat-01", ofClone);
        clone.OriginSnapshotId = snapshot.Id;
        await AddAsync(host, datastore, root, ofParent, ofClone, parent, snapshot, clone);
    }

    /// <summary>Equal in every property; moments to the microsecond and in UTC, as the contract has it.</summary>
    private static void Same<T>(T expected, T? actual) => Assert.Equal(Format(expected), Format(actual));

    private static string Format<T>(T value)
    {
        var moment = JsonSerializer.Serialize(Samples.Moment);
        var kept = JsonSerializer.Serialize(new DateTimeOffset(Samples.Moment.UtcTicks / 10 * 10, TimeSpan.Zero));
        return JsonSerializer.Serialize(value).Replace(moment, kept, StringComparison.Ordinal);
    }
}
