using System.Data.Common;
using Ramet.Catalog.Databases;
using Ramet.Core.Errors;

namespace Ramet.Catalog.Migrations;

/// <summary>
/// Brings the schema up to date: each migration in a transaction of its own together with its row in <c>schema_version</c>,
/// so that whatever stops it leaves a schema of a known version. Several servers may start at once.
/// </summary>
internal sealed class Migrator(CatalogDatabase database, IReadOnlyList<Migration> migrations, TimeProvider time)
{
    // The same statement on both databases.
    private const string CreateVersionTable =
        "CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL PRIMARY KEY, name text NOT NULL, applied_at text NOT NULL)";

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            database.Prepare();
            await using var connection = await database.ConnectAsync(cancellationToken);
            var backedUp = false;
            while (await ApplyNextAsync(connection, backedUp, cancellationToken) is { } before)
            {
                if (before > 0 && !backedUp)
                    database.Backup(connection, before);
                backedUp = true;
            }
        }
        catch (Exception exception) when (CatalogErrors.Translate(exception, database) is { } translated)
        {
            throw translated;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RametException(ErrorKind.InputOutput, $"the catalog {database.Name} could not be made: {exception.Message}", "Check its folder.", database.Name, inner: exception);
        }
    }

    /// <summary>Applies one migration. Returns the version from before it, or null when there was nothing to do.</summary>
    /// <param name="mayChange">False to only look at an existing schema, so that a copy of it can be made first.</param>
    private async Task<int?> ApplyNextAsync(DbConnection connection, bool mayChange, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginMigrationAsync(connection, cancellationToken);
        await ExecuteAsync(CreateVersionTable);
        await using var query = Command("SELECT COALESCE(MAX(version), 0) FROM schema_version");
        var version = Convert.ToInt32(await query.ExecuteScalarAsync(cancellationToken));
        if (version > migrations[^1].Version)
        {
            throw new RametException(
                ErrorKind.Unsupported, $"the catalog {database.Name} has schema version {version}; this Ramet knows versions up to {migrations[^1].Version}",
                "Install the Ramet that wrote it, or a later one.", database.Name);
        }

        if (migrations.FirstOrDefault(m => m.Version > version) is not { } next)
            return null;
        if (version > 0 && !mayChange)
            return version;

        await ExecuteAsync(next.Sql);
        await ExecuteAsync($"INSERT INTO schema_version (version, name, applied_at) VALUES ({next.Version}, '{next.Name}', '{time.GetUtcNow():O}')");
        await transaction.CommitAsync(cancellationToken);
        return version;

        async Task ExecuteAsync(string sql)
        {
            await using var command = Command(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        DbCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            return command;
        }
    }
}
