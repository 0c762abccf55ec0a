using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Ramet.Catalog.Databases;

/// <summary>A database on a PostgreSQL server, shared by several Ramet servers.</summary>
internal sealed partial class PostgresDatabase : CatalogDatabase
{
    /// <summary>Advisory lock of whoever migrates: "ramet" in ASCII.</summary>
    private const long MigrationLock = 0x72_61_6d_65_74;

    private readonly string _connectionString;

    public PostgresDatabase(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.ApplicationName ??= "ramet";
        // A batch fails as a whole; the detail says which row it was.
        builder.IncludeErrorDetail = true;
        Name = $"{builder.Database} on {builder.Host}";
        _connectionString = builder.ToString();
    }

    public override CatalogProvider Provider => CatalogProvider.Postgres;

    public override string Name { get; }

    public override void Configure(DbContextOptionsBuilder builder) =>
        // One array for a whole list of ids, whatever its length: one plan, no limit on parameters.
        builder.UseNpgsql(_connectionString, npgsql => npgsql.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter));

    public override void Prepare()
    {
        // The database is the administrator's to create.
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<DbTransaction> BeginMigrationAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT pg_advisory_xact_lock({MigrationLock})";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return transaction;
    }

    /// <summary>Nothing: a server's databases are backed up by its administrator, and a failed migration rolls back.</summary>
    public override string? Backup(DbConnection connection, int version) => null;

    public override ValueTask<IDisposable?> WaitToWriteAsync(CancellationToken cancellationToken) => new((IDisposable?)null);

    public override DatabaseFault Classify(DbException exception)
    {
        if (exception is not PostgresException postgres)
            return new(FaultKind.Unreachable);

        var (column, value) = Key(postgres.Detail);
        return postgres.SqlState switch
        {
            PostgresErrorCodes.UniqueViolation => new(FaultKind.Unique, postgres.ConstraintName, column, value),
            PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation => new(FaultKind.ForeignKey, null, column, value),
            PostgresErrorCodes.DiskFull => new(FaultKind.Full),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(FaultKind.Corrupt),
            PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => new(FaultKind.Busy),
            // Connection exceptions, invalid authorization, no such database, operator intervention.
            ['0', '8', ..] or ['2', '8', ..] or ['3', 'D', ..] or ['5', '7', 'P', ..] => new(FaultKind.Unreachable),
            _ => new(FaultKind.Other),
        };
    }

    /// <summary>"Key (vm_id, name)=(…, v1) already exists." → name, v1. The words are the server's language, the parentheses are not.</summary>
    private static (string? Column, string? Value) Key(string? detail)
    {
        if (detail is null || KeyPattern().Match(detail) is not { Success: true } match)
            return (null, null);

        var columns = match.Groups[1].Value.Split(", ");
        return (columns[^1].Trim('"'), match.Groups[2].Value.Split(", ", columns.Length)[^1]);
    }

    [GeneratedRegex(@"\(([^)]*)\)=\((.*)\)", RegexOptions.Singleline)]
    private static partial Regex KeyPattern();

    public override async ValueTask DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        NpgsqlConnection.ClearPool(connection);
    }
}
