using Ramet.Core.Access;
using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.VirtualMachines;

namespace Ramet.Catalog.Tests;

public abstract partial class CatalogContract
{
    [Theory]
    [InlineData("host", "there is a host named 'default' already")]
    [InlineData("datastore", "there is a datastore named 'default' already")]
    [InlineData("layer", "the file '/x.qcow2' is a layer already")]
    [InlineData("vm", "there is a VM named 'debian12' already")]
    [InlineData("writer", "another disk's active layer")]
    [InlineData("mac", "the MAC address '52:54:00:00:00:01' is in use by another VM")]
    [InlineData("snapshot", "the VM has a snapshot named 'v1' already")]
    [InlineData("token", "there is a token named 'ci' already")]
    [InlineData("disk", "the VmDisk vda is in the catalog already")]
    [InlineData("id", "is in the catalog already")]
    public async Task What_is_taken_is_refused_by_name(string what, string message)
    {
        var (host, datastore) = (Samples.Host(), Samples.Datastore());
        var (first, second) = (Samples.Layer(datastore), Samples.Layer(datastore));
        var vm = Samples.Vm(host, "debian12", first);
        await AddAsync(host, datastore, first, second, vm);

        object[] Make() => what switch
        {
            "host" => [Samples.Host()],
            "datastore" => [Samples.Datastore()],
            "layer" => [WithPath("/x.qcow2")],
            "vm" => [Samples.Vm(host, "debian12")],
            "writer" => [new VmDisk { Id = Guid.NewGuid(), VmId = vm.Id, Target = "vdb", LayerId = first.Id }],
            "disk" => [new VmDisk { Id = Guid.NewGuid(), VmId = vm.Id, Target = "vda", LayerId = second.Id }],
            "mac" => [new VmNic { Id = Guid.NewGuid(), VmId = vm.Id, Index = Random.Shared.Next(1, int.MaxValue), Mac = "52:54:00:00:00:01" }],
            "snapshot" => [Samples.Snapshot(vm, "v1")],
            "token" => [new ApiToken { Id = Guid.NewGuid(), Name = "ci", Hash = Guid.NewGuid().ToString() }],
            _ => [new Core.Hosts.Host { Id = host.Id, Name = Guid.NewGuid().ToString(), Uri = "" }],
        };

        if (what is "layer" or "mac" or "snapshot" or "token")
            await AddAsync(Make());

        // Beside something that is not taken: nothing of the save may stay.
        var error = await Assert.ThrowsAsync<RametException>(() => AddAsync([Samples.Host("innocent"), .. Make()]));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        await using var session = Catalog.OpenReadOnly();
        Assert.Equal(1, await session.CountAsync(session.Hosts, None));

        Core.Layers.Layer WithPath(string path)
        {
            var layer = Samples.Layer(datastore);
            layer.Path = path;
            return layer;
        }
    }

    [Theory]
    [InlineData("backing layer")]
    [InlineData("active layer")]
    [InlineData("snapshot")]
    [InlineData("parent")]
    [InlineData("host")]
    [InlineData("datastore")]
    public async Task What_something_depends_on_is_not_removed_though_the_session_holds_both(string what)
    {
        await AddLineageAsync();

        await using var session = Catalog.Open();
        var layers = await session.ListAsync(session.Layers, None);
        var vms = await session.ListAsync(session.VirtualMachines, None);
        var snapshots = await session.ListAsync(session.Snapshots, None);
        session.Remove<object>(what switch
        {
            "backing layer" => layers.Single(l => l.BackingLayerId is null),
            "active layer" => layers.First(l => l.BackingLayerId is not null),
            "snapshot" => snapshots.Single(),
            "parent" => vms.Single(v => v.Name == "debian12"),
            "host" => (await session.FirstOrDefaultAsync(session.Hosts, None))!,
            _ => (await session.FirstOrDefaultAsync(session.Datastores, None))!,
        });

        var error = await Assert.ThrowsAsync<RametException>(() => session.SaveAsync(None));
        Assert.Equal(ErrorKind.HasDependents, error.Kind);
        Assert.Matches("^the (Layer|Snapshot|VirtualMachine|Host|Datastore) .+ cannot be removed", error.Message);

        await using var reading = Catalog.OpenReadOnly();
        Assert.Equal(3, await reading.CountAsync(reading.Layers, None));
        Assert.Equal(2, await reading.CountAsync(reading.Layers.Where(l => l.BackingLayerId != null), None));
        var clone = (await reading.FirstOrDefaultAsync(reading.VirtualMachines.Where(v => v.OriginSnapshotId != null), None))!;
        Assert.Single(clone.Disks);
        Assert.Single(clone.Nics);
    }

    [Fact]
    public async Task A_clone_of_a_snapshot_that_is_gone_is_not_added()
    {
        var host = Samples.Host();
        await AddAsync(host);
        var clone = Samples.Vm(host, "seat-01");
        clone.OriginSnapshotId = Guid.NewGuid();

        var error = await Assert.ThrowsAsync<RametException>(() => AddAsync(Samples.Vm(host, "innocent"), clone));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains("seat-01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_session_removed_cannot_be_changed()
    {
        await AddAsync(Samples.Host());
        await using ICatalogSession mine = Catalog.Open(), theirs = Catalog.Open();
        var host = (await mine.FirstOrDefaultAsync(mine.Hosts, None))!;
        theirs.Remove((await theirs.FirstOrDefaultAsync(theirs.Hosts, None))!);
        await theirs.SaveAsync(None);

        host.Uri = "qemu:///session";
        var error = await Assert.ThrowsAsync<RametException>(() => mine.SaveAsync(None));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public async Task A_reading_session_changes_nothing()
    {
        await AddAsync(Samples.Host());
        await using var session = Catalog.OpenReadOnly();
        var host = (await session.FirstOrDefaultAsync(session.Hosts, None))!;
        Assert.Throws<InvalidOperationException>(() => session.Add(Samples.Host("other")));
        Assert.Throws<InvalidOperationException>(() => session.Remove(host));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveAsync(None));
    }

    [Fact]
    public async Task A_cancelled_save_saves_nothing()
    {
        await using var session = Catalog.Open();
        session.Add(Samples.Host());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.SaveAsync(new CancellationToken(canceled: true)));
        await using var reading = Catalog.OpenReadOnly();
        Assert.Equal(0, await reading.CountAsync(reading.Hosts, None));
    }
}
