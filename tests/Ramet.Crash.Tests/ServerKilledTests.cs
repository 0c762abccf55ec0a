using Ramet.Client;
using Ramet.Contracts;
using Ramet.Testing;
using Ramet.Testing.Live;

namespace Ramet.Crash.Tests;

/// <summary>
/// The server is killed with SIGKILL at random moments of bulk clones and deletes and started again: it finishes or rolls
/// back, and nothing is left without an owner. RAMET_CRASH_KILLS sets the number of kills, RAMET_CRASH_SEED the seed.
/// </summary>
public sealed class ServerKilledTests(ITestOutputHelper output)
{
    private const int Batch = 40;

    [Fact]
    public async Task Killed_at_random_moments_it_finishes_or_rolls_back()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("RAMET_CRASH_KILLS") ?? "50");
        var seed = int.Parse(Environment.GetEnvironmentVariable("RAMET_CRASH_SEED") ?? Random.Shared.Next(1_000_000).ToString());
        output.WriteLine($"seed {seed}, {kills} kills");
        var random = new Random(seed);
        await using var libvirt = new PrivateLibvirt();
        await libvirt.InitializeAsync();
        using var folder = new TemporaryFolder();
        await using var server = new RametServer(folder.Path, libvirt.Uri);
        await server.StartAsync();
        await MakeParentAsync(server, folder.Path);

        var outcomes = new Dictionary<string, int>();
        for (var kill = 0; kill < kills; kill++)
        {
            var interrupted = await InterruptAsync(server, random, kill);
            var operation = await server.EndAsync(server.Client.GetOperationAsync(interrupted));
            var outcome = $"{operation.Kind}: {operation.State}";
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            await NothingIsLeftOverAsync(server, libvirt.Uri, $"kill {kill} (seed {seed}), {outcome}");
        }

        foreach (var (outcome, count) in outcomes.OrderBy(o => o.Key, StringComparer.Ordinal))
            output.WriteLine($"{outcome}: {count}");

        // Both verbs were interrupted, and not always at the same side of their pivots.
        Assert.Contains(outcomes.Keys, o => o.StartsWith("clone", StringComparison.Ordinal));
        Assert.Contains(outcomes.Keys, o => o.StartsWith("delete", StringComparison.Ordinal));
        await EveryCloneStartsAsync(server);
    }

    private static async Task MakeParentAsync(RametServer server, string folder)
    {
        var image = Path.Combine(folder, "parent.qcow2");
        await LiveTools.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", image, "1G");
        await LiveTools.RunAsync("qemu-io", "-c", "write -P 7 0 4M", image);
        await server.SucceedAsync(server.Client.ImportAsync(new ImportRequest(image, "parent", CloudInit: "yes", MemoryMiB: 32)));
        await server.SucceedAsync(server.Client.CreateSnapshotAsync("parent", new SnapshotRequest("v1")));
    }

    /// <summary>Begins a bulk clone or delete, kills the server somewhere in it, starts it again.</summary>
    private static async Task<Guid> InterruptAsync(RametServer server, Random random, int kill)
    {
        var clones = (await server.Client.ListVmsAsync()).Where(v => v.Name != "parent").ToList();
        var delete = clones.Count >= 3 * Batch || (clones.Count >= Batch && random.Next(2) == 0);
        var operation = delete
            ? await server.Client.DeleteAsync(new DeleteRequest([.. clones.Take(Batch).Select(c => c.Name)]))
            : await server.Client.CloneAsync(new CloneRequest("parent@v1", $"k{kill}-{{01..{Batch}}}"));

        // Some in the very first writes, most spread over the whole length, a few after the end.
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(30) : random.Next(600)), TimeProvider.System);
        await server.KillAsync();
        await server.StartAsync();
        return operation.Id;
    }

    private static async Task NothingIsLeftOverAsync(RametServer server, string libvirt, string when)
    {
        var report = await server.Client.DoctorAsync();
        var findings = report.Findings.Where(f => f.Severity != "info").ToList();
        Assert.True(findings.Count == 0, $"{when}: {string.Join("\n", findings.Select(f => $"{f.Code} {f.Object}: {f.Message}"))}");

        // The doctor is ours; ls and virsh are not.
        var vms = await server.Client.ListVmsAsync();
        Assert.All(vms, v => Assert.Equal("stopped", v.State));
        var domains = (await LiveTools.RunAsync("virsh", "-q", "-c", libvirt, "list", "--all", "--name")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(vms.Select(v => v.Name).Order(), domains.Order());
        Assert.Equal(vms.Count, Directory.GetFiles(server.Seeds).Length);
        // One active layer each, and the parent's sealed one.
        Assert.Equal(vms.Count + 1, Directory.GetFiles(server.Layers).Length);
    }

    private static async Task EveryCloneStartsAsync(RametServer server)
    {
        var clones = (await server.Client.ListVmsAsync()).Where(v => v.Name != "parent").Select(v => v.Name).ToList();
        foreach (var some in clones.Chunk(8))
        {
            await server.SucceedAsync(server.Client.StartAsync(new VmSelection(some)));
            await server.SucceedAsync(server.Client.StopAsync(new StopRequest(some, Force: true)));
        }
    }
}
