using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Ramet.Catalog.Databases;

/// <summary>What differs between the databases: connecting, locking, and what their errors mean.</summary>
internal abstract class CatalogDatabase : IAsyncDisposable
{
    public static CatalogDatabase Of(CatalogOptions options) => options.Provider switch
    {
        CatalogProvider.Sqlite when !string.IsNullOrEmpty(options.Path) => new SqliteDatabase(options.Path),
        CatalogProvider.Postgres when !string.IsNullOrEmpty(options.ConnectionString) => new PostgresDatabase(options.ConnectionString),
        _ => throw new ArgumentException("SQLite needs a path, PostgreSQL a connection string", nameof(options)),
    };

    public abstract CatalogProvider Provider { get; }

    /// <summary>The catalog as a user knows it: a file, or a database on a server.</summary>
    public abstract string Name { get; }

    public abstract void Configure(DbContextOptionsBuilder builder);

    /// <summary>Makes sure that there is something to connect to. Called once, before the schema is looked at.</summary>
    public abstract void Prepare();

    /// <summary>A connection of its own, for the schema.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>A transaction in which no other process changes the schema.</summary>
    public abstract Task<DbTransaction> BeginMigrationAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>A copy of the catalog as it was at <paramref name="version"/>, where the database is ours to copy. Returns its path, or null.</summary>
    public abstract string? Backup(DbConnection connection, int version);

    /// <summary>The turn to write; disposing it passes it on.</summary>
    public abstract ValueTask<IDisposable?> WaitToWriteAsync(CancellationToken cancellationToken);

    public abstract DatabaseFault Classify(DbException exception);

    public abstract ValueTask DisposeAsync();
}

internal enum FaultKind
{
    Other,
    Unique,
    ForeignKey,
    Full,
    Corrupt,
    Busy,
    Unreachable,
}

/// <param name="Index">The unique index that refused, in the model's name for it.</param>
/// <param name="Column">The (last) column that it is about, where the database says so.</param>
/// <param name="Value">The value in that column, as text.</param>
internal readonly record struct DatabaseFault(FaultKind Kind, string? Index = null, string? Column = null, string? Value = null);
