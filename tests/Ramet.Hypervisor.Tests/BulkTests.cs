using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;

namespace Ramet.Hypervisor.Tests;

/// <summary>Many domains at a time. RAMET_BULK sets how many; the times go to the output.</summary>
public sealed class BulkTests(LibvirtFixture fixture, ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_domains_are_defined_listed_and_removed()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var count = int.Parse(Environment.GetEnvironmentVariable("RAMET_BULK") ?? "100");
        var definitions = Enumerable.Range(0, count).Select(i => Clone($"bulk-{i:0000}")).ToList();
        var ids = definitions.Select(d => d.Id).ToHashSet();
        var counter = new Counter();

        await TimeAsync("define", () => hypervisor.DefineAsync(definitions, counter, Token));
        Assert.Equal(count, counter.Highest);
        await TimeAsync("list", async () => Assert.Equal(count, (await hypervisor.ListDomainsAsync(Token)).Count(d => ids.Contains(d.Id) && d.RametVmId == d.Id)));
        Assert.All(definitions, d => Assert.Equal(PowerState.Stopped, hypervisor.GetState(d.Id)));
        await using (var other = fixture.New())
        {
            await TimeAsync("connect", () => other.StartAsync(Token));
            await TimeAsync("first list", async () => Assert.Equal(count, (await other.ListDomainsAsync(Token)).Count(d => ids.Contains(d.Id) && d.RametVmId == d.Id)));
            await TimeAsync("next list", () => other.ListDomainsAsync(Token));
        }

        await TimeAsync("remove", () => hypervisor.RemoveAsync([.. ids], null, Token));
        Assert.DoesNotContain(await hypervisor.ListDomainsAsync(Token), d => ids.Contains(d.Id));
    }

    [Fact]
    public async Task The_first_failure_is_told_and_what_was_defined_stays()
    {
        var hypervisor = await fixture.HypervisorAsync();
        var good = Clone("partly-1");
        await hypervisor.DefineAsync([good], null, Token);

        var error = await Assert.ThrowsAsync<RametException>(
            () => hypervisor.DefineAsync([Clone("partly-2"), good with { Id = Guid.NewGuid() }, .. Enumerable.Range(3, 50).Select(i => Clone($"partly-{i}"))], null, Token));

        Assert.Equal((ErrorKind.AlreadyExists, "partly-1"), (error.Kind, error.Object));
        var left = (await hypervisor.ListDomainsAsync(Token)).Where(d => d.Name.StartsWith("partly-", StringComparison.Ordinal)).ToList();
        Assert.Contains(left, d => d.Id == good.Id);
        Assert.InRange(left.Count, 1, 51);
        await hypervisor.RemoveAsync([.. left.Select(d => d.Id)], null, Token);
    }

    [Fact]
    public async Task Cancelled_work_stops()
    {
        var hypervisor = await fixture.HypervisorAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var definitions = Enumerable.Range(0, 400).Select(i => Clone($"cancel-{i:000}")).ToList();
        var counter = new Counter(at => { if (at == 5) cancel.Cancel(); });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hypervisor.DefineAsync(definitions, counter, cancel.Token));

        Assert.InRange(counter.Highest, 5, 100);
        await hypervisor.RemoveAsync([.. definitions.Select(d => d.Id)], null, Token);
        Assert.DoesNotContain(await hypervisor.ListDomainsAsync(Token), d => d.Name.StartsWith("cancel-", StringComparison.Ordinal));
    }

    /// <summary>Defining opens no disk, so these need not exist.</summary>
    private static DomainDefinition Clone(string name) => Guests.Definition(
        name, new DomainDisk("vda", [new($"/srv/{name}.qcow2", ImageFormat.Qcow2), new("/srv/base.qcow2", ImageFormat.Qcow2)]));

    private async Task TimeAsync(string what, Func<Task> work)
    {
        var began = TimeProvider.System.GetTimestamp();
        await work();
        output.WriteLine($"{what}: {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms");
    }

    private sealed class Counter(Action<int>? at = null) : IProgress<int>
    {
        private int _highest;

        public int Highest => _highest;

        public void Report(int value)
        {
            lock (this)
                _highest = Math.Max(_highest, value);
            at?.Invoke(value);
        }
    }
}
