using Microsoft.EntityFrameworkCore;
using Ramet.Catalog.Databases;
using Ramet.Core.Access;
using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Catalog;

/// <summary>A unit of work on one context.</summary>
internal sealed class CatalogSession(CatalogContext context, CatalogDatabase database, bool readOnly) : ICatalogSession
{
    public IQueryable<Host> Hosts => context.Set<Host>();

    public IQueryable<Datastore> Datastores => context.Set<Datastore>();

    public IQueryable<Layer> Layers => context.Set<Layer>();

    public IQueryable<VirtualMachine> VirtualMachines => context.Set<VirtualMachine>();

    public IQueryable<Snapshot> Snapshots => context.Set<Snapshot>();

    public IQueryable<Operation> Operations => context.Set<Operation>();

    public IQueryable<OperationStep> Steps => context.Set<OperationStep>();

    public IQueryable<ApiToken> Tokens => context.Set<ApiToken>();

    public IQueryable<AuditEntry> Audit => context.Set<AuditEntry>();

    public Task<List<T>> ListAsync<T>(IQueryable<T> query, CancellationToken cancellationToken) =>
        RunAsync(query.ToListAsync, cancellationToken);

    public Task<T?> FirstOrDefaultAsync<T>(IQueryable<T> query, CancellationToken cancellationToken) =>
        RunAsync(query.FirstOrDefaultAsync, cancellationToken);

    public Task<int> CountAsync<T>(IQueryable<T> query, CancellationToken cancellationToken) =>
        RunAsync(query.CountAsync, cancellationToken);

    public void Add<T>(T entity) where T : class => Writable().Add(entity);

    public void AddRange<T>(IEnumerable<T> entities) where T : class => Writable().AddRange(entities);

    public void Remove<T>(T entity) where T : class => Writable().Remove(entity);

    public void RemoveRange<T>(IEnumerable<T> entities) where T : class => Writable().RemoveRange(entities);

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var writable = Writable();
        writable.ChangeTracker.DetectChanges();
        if (!writable.ChangeTracker.HasChanges())
            return;

        using var turn = await database.WaitToWriteAsync(cancellationToken);
        await RunAsync(writable.SaveChangesAsync, cancellationToken);
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    private CatalogContext Writable() =>
        readOnly ? throw new InvalidOperationException("this session is for reading only") : context;

    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(cancellationToken);
        }
        catch (Exception exception) when (CatalogErrors.Translate(exception, database) is { } translated)
        {
            throw translated;
        }
    }
}
