using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ramet.Catalog;
using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Doctor;
using Ramet.Core.Hosts;
using Ramet.Core.Import;
using Ramet.Core.Layers;
using Ramet.Core.LinkedClones;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.Usage;
using Ramet.Core.VirtualMachines;
using Ramet.Storage;
using Ramet.Testing;
using Ramet.Testing.Hosts;

namespace Ramet.Core.Tests;

/// <summary>
/// Everything but libvirt is real: a SQLite catalog, layers in a folder. A world can be left as a crash leaves it and a new
/// one opened on what is there.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public const string Actor = "test";
    private readonly ServiceProvider _services;
    private readonly TemporaryFolder? _ownFolder;

    private World(string folder, FakeHypervisor hypervisor, TemporaryFolder? own, CrashPoint? crash)
    {
        (Folder, Hypervisor, _ownFolder) = (folder, hypervisor, own);
        Database = new EfCatalog(new CatalogOptions { Path = Path.Combine(folder, "catalog.db") }, TimeProvider.System);
        Catalog = crash is null ? Database : new CrashingCatalog(Database, crash);
        _services = new ServiceCollection()
            .AddRametCore()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(Catalog)
            .AddSingleton<IHypervisors>(new FakeHypervisors(hypervisor))
            .AddSingleton<ILayerStore>(new DirectoryLayerStore(TimeProvider.System))
            .AddSingleton(new DownloadFolder(Path.Combine(folder, "downloads")))
            .AddSingleton(new HttpClient())
            .BuildServiceProvider();
        if (crash is not null)
            crash.World = this;
    }

    public string Folder { get; }

    public FakeHypervisor Hypervisor { get; }

    public EfCatalog Database { get; }

    public ICatalog Catalog { get; }

    public OperationRunner Runner => Get<OperationRunner>();

    public string Datastore => Path.Combine(Folder, "store");

    public static async Task<World> CreateAsync(CrashPoint? crash = null)
    {
        var folder = new TemporaryFolder();
        var hypervisor = new FakeHypervisor { FileExists = File.Exists };
        await hypervisor.StartAsync(default);
        var world = new World(folder.Path, hypervisor, folder, crash);
        await world.Database.MigrateAsync(default);
        await using var session = world.Database.Open();
        session.Add(new Host { Id = Guid.NewGuid(), Name = "default", Uri = "fake:///", CreatedAt = TimeProvider.System.GetUtcNow() });
        var datastore = new Datastore { Id = Guid.NewGuid(), Name = "default", Path = world.Datastore, CreatedAt = TimeProvider.System.GetUtcNow() };
        session.Add(datastore);
        await session.SaveAsync(default);
        await world.Get<ILayerStore>().PrepareAsync(datastore, default);
        return world;
    }

    /// <summary>A new process on what the old one left: recovery included.</summary>
    public async Task<World> ReopenAsync()
    {
        var world = new World(Folder, Hypervisor, null, null);
        await world.Runner.TakeUpAsync(default);
        await world.Runner.RecoverAsync();
        return world;
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<Operation> EndAsync(Task<Operation> begun) =>
        await Runner.WaitAsync((await begun).Id, TimeSpan.FromMinutes(1), default);

    public async Task<Operation> SucceedAsync(Task<Operation> begun)
    {
        var operation = await EndAsync(begun);
        Assert.True(operation.State == OperationState.Succeeded, $"{operation.Title}: {operation.State}: {operation.ErrorMessage}");
        return operation;
    }

    /// <summary>A 64 MiB raw image with some content, imported.</summary>
    public async Task ImportAsync(string name)
    {
        var image = Path.Combine(Folder, name + ".raw");
        await using (var file = File.Create(image))
        {
            file.SetLength(64 << 20);
            file.Position = 1 << 20;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, 300_000).ToArray());
        }

        await SucceedAsync(Get<ImportService>().ImportAsync(new ImportOptions(image, name, CloudInit: CloudInitSupport.Yes), Actor, default));
        File.Delete(image);
    }

    public Task<Operation> SnapshotAsync(string vm, string name) => SucceedAsync(Get<SnapshotService>().CreateAsync(vm, name, null, Actor, default));

    public Task<Operation> CloneAsync(string source, string name) => SucceedAsync(Get<CloneService>().CloneAsync(new CloneOptions(source, name), Actor, default));

    public Task<Operation> DeleteAsync(string name, bool promote = false, bool with = false, bool force = false) =>
        Get<DeleteService>().DeleteAsync(new VmSelection([name]), promote, with, force, Actor, default);

    /// <summary>Catalog, files and domains agree, and nothing is half made.</summary>
    public async Task MustBeConsistentAsync(string when = "")
    {
        var report = await Get<DoctorService>().ExamineAsync(verify: true, default);
        var findings = report.Findings.Where(f => f.Severity != Severity.Info).ToList();
        Assert.True(findings.Count == 0, $"{when}: {string.Join("; ", findings.Select(f => $"{f.Code} {f.Object}: {f.Message}"))}");
        await using var session = Database.OpenReadOnly();
        Assert.Equal(0, await session.CountAsync(session.Operations.Where(o => o.FinishedAt == null), default));
        var files = Directory.GetFiles(Path.Combine(Datastore, "layers")).Where(f => !f.EndsWith(".json", StringComparison.Ordinal)).Order();
        Assert.Equal((await session.ListAsync(session.Layers.Select(l => l.Path), default)).Order(), files);
        Assert.Equal((await session.ListAsync(session.VirtualMachines.Select(v => v.Name), default)).Order(), Hypervisor.Domains.Select(d => d.Name).Order());
    }

    public async Task<IReadOnlyList<string>> NamesAsync()
    {
        await using var session = Database.OpenReadOnly();
        return [.. (await session.ListAsync(session.VirtualMachines.Select(v => v.Name), default)).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
