using Ramet.Catalog.Databases;
using Ramet.Catalog.Migrations;

namespace Ramet.Catalog.Tests;

/// <summary>A catalog of a test's own, empty and migrated unless asked otherwise.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? _folder;

    private TestDatabase(CatalogOptions options, string? folder)
    {
        Options = options;
        _folder = folder;
        Catalog = new EfCatalog(options, TimeProvider.System);
    }

    public CatalogOptions Options { get; }

    public EfCatalog Catalog { get; }

    public static async Task<TestDatabase> CreateAsync(CatalogProvider provider, PostgresCluster cluster, bool migrate = true)
    {
        var database = provider == CatalogProvider.Sqlite ? Sqlite() : await PostgresAsync(cluster);
        if (migrate)
            await database.Catalog.MigrateAsync(CancellationToken.None);
        return database;
    }

    /// <summary>The same catalog as another version of Ramet would open it.</summary>
    public EfCatalog Reopen(IReadOnlyList<Migration>? migrations = null) => new(CatalogDatabase.Of(Options), TimeProvider.System, migrations);

    public async ValueTask DisposeAsync()
    {
        await Catalog.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private static TestDatabase Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("ramet-catalog-").FullName;
        return new TestDatabase(new CatalogOptions { Path = Path.Combine(folder, "catalog.db") }, folder);
    }

    private static async Task<TestDatabase> PostgresAsync(PostgresCluster cluster) =>
        new(new CatalogOptions { Provider = CatalogProvider.Postgres, ConnectionString = await cluster.CreateDatabaseAsync() }, folder: null);
}
