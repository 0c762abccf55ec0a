namespace Ramet.Catalog;

/// <summary>Which database holds the catalog.</summary>
public enum CatalogProvider
{
    Sqlite,
    Postgres,
}

/// <summary>Where the catalog is.</summary>
public sealed record CatalogOptions
{
    /// <summary>SQLite unless several servers share one catalog.</summary>
    public CatalogProvider Provider { get; init; } = CatalogProvider.Sqlite;

    /// <summary>SQLite: absolute path of the database file. Its folder must exist; the file is made, readable by its owner only.</summary>
    public string? Path { get; init; }

    /// <summary>PostgreSQL: Npgsql's connection string. The database must exist; the schema is made in it.</summary>
    public string? ConnectionString { get; init; }
}
