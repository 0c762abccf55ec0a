using Microsoft.EntityFrameworkCore;
using Ramet.Catalog.Databases;
using Ramet.Catalog.Migrations;
using Ramet.Core.Catalog;

namespace Ramet.Catalog;

/// <summary>The catalog on EF Core. One for the process: it owns the connection pool and, on SQLite, the turn to write.</summary>
public sealed class EfCatalog : ICatalog, IAsyncDisposable
{
    private readonly CatalogDatabase _database;
    private readonly Migrator _migrator;
    private readonly DbContextOptions<CatalogContext> _tracking;
    private readonly DbContextOptions<CatalogContext> _reading;

    /// <exception cref="ArgumentException">The options name no file or no connection.</exception>
    public EfCatalog(CatalogOptions options, TimeProvider time)
        : this(CatalogDatabase.Of(options), time, migrations: null)
    {
    }

    internal EfCatalog(CatalogDatabase database, TimeProvider time, IReadOnlyList<Migration>? migrations)
    {
        _database = database;
        _migrator = new Migrator(database, migrations ?? Migration.LoadAll(database.Provider), time);

        var builder = new DbContextOptionsBuilder<CatalogContext>();
        database.Configure(builder);
        _tracking = builder.Options;
        _reading = builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options;
    }

    /// <inheritdoc/>
    public Task MigrateAsync(CancellationToken cancellationToken) => _migrator.MigrateAsync(cancellationToken);

    /// <inheritdoc/>
    public ICatalogSession Open() => new CatalogSession(new CatalogContext(_tracking), _database, readOnly: false);

    /// <inheritdoc/>
    public ICatalogSession OpenReadOnly() => new CatalogSession(new CatalogContext(_reading), _database, readOnly: true);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>The context itself, for tests of the model.</summary>
    internal CatalogContext OpenContext() => new(_tracking);
}
