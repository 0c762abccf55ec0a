using System.Security.Cryptography;
using System.Xml.Linq;
using Ramet.Client;
using Ramet.Contracts;
using Ramet.Qcow2;

namespace Ramet.Benchmarks;

/// <summary>
/// 1,000 linked clones of a 100 GiB parent, defined in libvirt and durable: through Ramet's API in one call and one by one,
/// beside a loop of qemu-img create -b and virsh define that does the same with the same domain definition.
/// </summary>
internal static class CloneBenchmark
{
    private const string VirtualSize = "100G";

    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        var count = options.Quick ? 100 : 1000;
        var singles = options.Quick ? 20 : 100;
        using var client = new RametClient(new RametEndpoint { Socket = options.Socket });
        var parent = Path.Combine(options.Work, "parent.qcow2");
        await Programs.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", parent, VirtualSize);
        await Programs.RunAsync("qemu-io", "-c", "write -P 1 0 64M", parent);
        await EndAsync(client, client.ImportAsync(new ImportRequest(parent, "parent", CloudInit: "yes", MemoryMiB: 64)));
        await EndAsync(client, client.CreateSnapshotAsync("parent", new SnapshotRequest("v1")));

        // One of each first: QEMU's capabilities are probed, code is compiled, on both sides.
        await EndAsync(client, client.CloneAsync(new CloneRequest("parent@v1", "warm-up")));
        var definition = XDocument.Parse(await Programs.RunAsync("virsh", "-c", options.Libvirt, "dumpxml", "--inactive", "warm-up"));
        var clone = await client.GetVmAsync("warm-up");
        var layer = clone.Disks[0].Chain[0].Path;
        var sealedLayer = clone.Disks[0].Chain[1].Path;

        var bulk = new Latencies();
        await bulk.MeasureAsync(() => EndAsync(client, client.CloneAsync(new CloneRequest("parent@v1", $"bulk-{{0001..{count:0000}}}"))));
        var single = new Latencies();
        for (var i = 0; i < singles; i++)
            await single.MeasureAsync(() => EndAsync(client, client.CloneAsync(new CloneRequest("parent@v1", $"single-{i}"))));

        var loop = new Latencies();
        for (var i = 0; i < count; i++)
            await loop.MeasureAsync(() => CreateAndDefineAsync(options, sealedLayer, definition, i));

        var disks = new Latencies();
        await disks.MeasureAsync(() => CreateOverlaysAsync(options.Work, sealedLayer, count));
        var qemuDisks = new Latencies();
        for (var i = 0; i < Math.Min(count, 300); i++)
            await qemuDisks.MeasureAsync(() => CreateAsync(Path.Combine(options.Work, $"disk-{i}.qcow2"), sealedLayer));

        const string Loop = "qemu-img create -b + virsh define, in a loop";
        Comparison.Print($"{count} linked clones of a parent of {VirtualSize} (virtual), defined and durable",
        [
            new($"{count} clones, total", bulk.Total / 1000, loop.Total / 1000, Loop, "s"),
            new("per clone, in bulk", bulk.Total / count, loop.Total / count, Loop, "ms"),
            new("one clone by itself, p50", single.Percentile(50), loop.Percentile(50), Loop, "ms"),
            new("one clone by itself, p99", single.Percentile(99), loop.Percentile(99), Loop, "ms"),
            new("the disk alone", disks.Total / count, qemuDisks.Percentile(50), "qemu-img create -b (p50)", "ms"),
            new("allocated per clone's disk", await Programs.AllocatedAsync(layer) / 1024.0, await Programs.AllocatedAsync(Path.Combine(options.Work, "loop-0.qcow2")) / 1024.0, "qemu-img create -b", "KiB"),
        ], options.Json);
        return 0;
    }

    private static async Task CreateAndDefineAsync(BenchmarkOptions options, string backing, XDocument definition, int index)
    {
        var disk = Path.Combine(options.Work, $"loop-{index}.qcow2");
        await CreateAsync(disk, backing);
        var domain = new XDocument(definition);
        var root = domain.Root!;
        root.Element("name")!.Value = $"loop-{index}";
        root.Element("uuid")!.Remove();
        root.Element("metadata")?.Remove();
        var random = RandomNumberGenerator.GetBytes(3);
        root.Descendants("mac").Single().SetAttributeValue("address", $"52:54:00:{random[0]:x2}:{random[1]:x2}:{random[2]:x2}");
        foreach (var uuid in root.Descendants("sysinfo").Descendants("entry").Where(e => (string?)e.Attribute("name") == "uuid").ToList())
            uuid.Remove();
        root.Descendants("disk").First(d => (string?)d.Attribute("device") == "disk").Element("source")!.SetAttributeValue("file", disk);
        var file = Path.Combine(options.Work, "loop.xml");
        domain.Save(file);
        await Programs.RunAsync("virsh", "-q", "-c", options.Libvirt, "define", file);
    }

    private static Task<string> CreateAsync(string disk, string backing) =>
        Programs.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "-b", backing, "-F", "qcow2", disk);

    private static Task CreateOverlaysAsync(string folder, string backing, int count)
    {
        OverlayWriter.Create([.. Enumerable.Range(0, count).Select(i => new OverlaySpec(
            Path.Combine(folder, $"ours-{i}.qcow2"), backing, "qcow2", 100L << 30,
            new LayerIdentity { LayerId = Guid.NewGuid(), VmId = Guid.NewGuid(), Role = "vda", CreatedAt = TimeProvider.System.GetUtcNow() }))]);
        return Task.CompletedTask;
    }

    private static async Task EndAsync(RametClient client, Task<Operation> begun)
    {
        var operation = await begun;
        while (!operation.Finished)
            operation = await client.GetOperationAsync(operation.Id, 60);
        if (operation.State != "succeeded")
            throw new InvalidOperationException($"{operation.Title}: {operation.Error?.Title}");
    }
}
