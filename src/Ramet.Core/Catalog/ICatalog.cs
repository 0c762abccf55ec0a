using Ramet.Core.Access;
using Ramet.Core.Datastores;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Catalog;

/// <summary>The database of everything Ramet manages.</summary>
public interface ICatalog
{
    /// <summary>Creates the schema or brings it up to this version. Errors name the file and the version.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>A session whose entities are tracked and can be saved.</summary>
    ICatalogSession Open();

    /// <summary>A session for reading only: nothing is tracked, nothing can be saved.</summary>
    ICatalogSession OpenReadOnly();
}

/// <summary>One unit of work. Not safe for several threads. Queries are LINQ; sessions run them.</summary>
public interface ICatalogSession : IAsyncDisposable
{
    IQueryable<Host> Hosts { get; }

    IQueryable<Datastore> Datastores { get; }

    IQueryable<Layer> Layers { get; }

    /// <summary>With their disks and interfaces.</summary>
    IQueryable<VirtualMachine> VirtualMachines { get; }

    /// <summary>With their disks.</summary>
    IQueryable<Snapshot> Snapshots { get; }

    /// <summary>Without their steps.</summary>
    IQueryable<Operation> Operations { get; }

    IQueryable<OperationStep> Steps { get; }

    IQueryable<ApiToken> Tokens { get; }

    IQueryable<AuditEntry> Audit { get; }

    Task<List<T>> ListAsync<T>(IQueryable<T> query, CancellationToken cancellationToken);

    Task<T?> FirstOrDefaultAsync<T>(IQueryable<T> query, CancellationToken cancellationToken);

    Task<int> CountAsync<T>(IQueryable<T> query, CancellationToken cancellationToken);

    /// <summary>Adds an entity with all that hangs on it.</summary>
    void Add<T>(T entity) where T : class;

    void AddRange<T>(IEnumerable<T> entities) where T : class;

    /// <summary>Removes an entity with its disks, interfaces or steps.</summary>
    void Remove<T>(T entity) where T : class;

    void RemoveRange<T>(IEnumerable<T> entities) where T : class;

    /// <summary>Saves everything in one transaction that survives power loss.</summary>
    /// <exception cref="Errors.RametException"><see cref="Errors.ErrorKind.AlreadyExists"/> when a unique name is taken,
    /// <see cref="Errors.ErrorKind.NoSpace"/> when the disk is full.</exception>
    Task SaveAsync(CancellationToken cancellationToken);
}
