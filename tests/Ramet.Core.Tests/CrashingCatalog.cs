using Ramet.Core.Access;
using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Tests;

/// <summary>Ends the process (as far as the journal can tell) just before or just after the n-th save or call to the hypervisor.</summary>
internal sealed class CrashPoint
{
    private int _left = int.MaxValue;
    private bool _before;

    public World? World { get; set; }

    public bool Crashed { get; private set; }

    /// <summary>Completes when the runner has stopped where it stood.</summary>
    public Task Stopped { get; private set; } = Task.CompletedTask;

    /// <param name="points">Saves and calls to the hypervisor up to the end, that one included.</param>
    /// <param name="before">Whether that one is still to fail, or has been done.</param>
    public void Arm(int points, bool before)
    {
        (_left, _before) = (points, before);
        World!.Hypervisor.Before = (_, _) => PassAsync(before: true);
        World.Hypervisor.After = (_, _) => PassAsync(before: false);
    }

    public async Task SaveAsync(Func<Task> save)
    {
        await PassAsync(before: true);
        await save();
        await PassAsync(before: false);
    }

    private Task PassAsync(bool before)
    {
        if (Crashed)
            throw new OperationCanceledException("crashed");
        if (before != _before || Interlocked.Decrement(ref _left) != 0)
            return Task.CompletedTask;
        Crashed = true;
        Stopped = World!.Runner.DisposeAsync().AsTask();
        throw new OperationCanceledException("crashed");
    }
}

internal sealed class CrashingCatalog(ICatalog inner, CrashPoint crash) : ICatalog
{
    public Task MigrateAsync(CancellationToken cancellationToken) => inner.MigrateAsync(cancellationToken);

    public ICatalogSession Open() => new Session(inner.Open(), crash);

    public ICatalogSession OpenReadOnly() => inner.OpenReadOnly();

    private sealed class Session(ICatalogSession inner, CrashPoint crash) : ICatalogSession
    {
        public IQueryable<Host> Hosts => inner.Hosts;

        public IQueryable<Datastore> Datastores => inner.Datastores;

        public IQueryable<Layer> Layers => inner.Layers;

        public IQueryable<VirtualMachine> VirtualMachines => inner.VirtualMachines;

        public IQueryable<Snapshot> Snapshots => inner.Snapshots;

        public IQueryable<Operation> Operations => inner.Operations;

        public IQueryable<OperationStep> Steps => inner.Steps;

        public IQueryable<ApiToken> Tokens => inner.Tokens;

        public IQueryable<AuditEntry> Audit => inner.Audit;

        public Task<List<T>> ListAsync<T>(IQueryable<T> query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

        public Task<T?> FirstOrDefaultAsync<T>(IQueryable<T> query, CancellationToken cancellationToken) => inner.FirstOrDefaultAsync(query, cancellationToken);

        public Task<int> CountAsync<T>(IQueryable<T> query, CancellationToken cancellationToken) => inner.CountAsync(query, cancellationToken);

        public void Add<T>(T entity) where T : class => inner.Add(entity);

        public void AddRange<T>(IEnumerable<T> entities) where T : class => inner.AddRange(entities);

        public void Remove<T>(T entity) where T : class => inner.Remove(entity);

        public void RemoveRange<T>(IEnumerable<T> entities) where T : class => inner.RemoveRange(entities);

        public Task SaveAsync(CancellationToken cancellationToken) => crash.SaveAsync(() => inner.SaveAsync(cancellationToken));

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
