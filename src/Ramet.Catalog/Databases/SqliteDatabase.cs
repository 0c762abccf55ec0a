using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace Ramet.Catalog.Databases;

/// <summary>
/// A file in write-ahead mode: readers never wait for the writer. Writers of this process queue in order on a semaphore, as
/// SQLite itself would only let them poll; writers of other processes (an administrator's sqlite3) meet the busy timeout.
/// </summary>
internal sealed class SqliteDatabase : CatalogDatabase
{
    private readonly SemaphoreSlim _writer = new(1);
    private readonly string _path;
    private readonly string _connectionString;

    public SqliteDatabase(string path)
    {
        _path = Path.GetFullPath(path);
        // Never "create": a catalog that vanished must be noticed, not replaced by an empty one.
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadWrite, ForeignKeys = true, Pooling = true }.ToString();
    }

    public override CatalogProvider Provider => CatalogProvider.Sqlite;

    public override string Name => _path;

    public override void Configure(DbContextOptionsBuilder builder) => builder
        // One parameter for a whole list of ids: SQLite takes at most 32,766 of them, and each count would be a query of its own.
        .UseSqlite(_connectionString, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
        .AddInterceptors(new ConnectionSettings());

    public override void Prepare()
    {
        // Token hashes and user-data are in it. SQLite gives its -wal and -shm files the same mode.
        if (!File.Exists(_path))
            CreatePrivate(_path);
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            ConnectionSettings.Apply(connection);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // BEGIN IMMEDIATE: the write lock is held from the first statement on.
    public override Task<DbTransaction> BeginMigrationAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    public override string? Backup(DbConnection connection, int version)
    {
        var path = $"{_path}.v{version}";
        var unfinished = path + ".tmp";
        File.Delete(unfinished);
        CreatePrivate(unfinished);
        using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = unfinished, Pooling = false }.ToString()))
        {
            copy.Open();
            ((SqliteConnection)connection).BackupDatabase(copy);
        }

        using (var file = File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(file);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    public override async ValueTask<IDisposable?> WaitToWriteAsync(CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        return new Turn(_writer);
    }

    public override DatabaseFault Classify(DbException exception) => exception is not SqliteException sqlite
        ? new(FaultKind.Other)
        : (sqlite.SqliteErrorCode, sqlite.SqliteExtendedErrorCode) switch
        {
            (_, raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY) => new(FaultKind.Unique, IndexName(sqlite.Message)),
            // ON DELETE RESTRICT reports itself as a trigger.
            (_, raw.SQLITE_CONSTRAINT_FOREIGNKEY or raw.SQLITE_CONSTRAINT_TRIGGER) => new(FaultKind.ForeignKey),
            (raw.SQLITE_FULL, _) => new(FaultKind.Full),
            (raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB, _) => new(FaultKind.Corrupt),
            (raw.SQLITE_BUSY or raw.SQLITE_LOCKED, _) => new(FaultKind.Busy),
            (raw.SQLITE_CANTOPEN, _) => new(FaultKind.Unreachable),
            _ => new(FaultKind.Other),
        };

    public override ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(_connectionString))
            SqliteConnection.ClearPool(connection);
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>"… UNIQUE constraint failed: vm_disks.vm_id, vm_disks.target'." → "ux_vm_disks_vm_id_target": SQLite names columns, not the index.</summary>
    private static string? IndexName(string message)
    {
        const string Marker = "constraint failed: ";
        var start = message.IndexOf(Marker, StringComparison.Ordinal);
        if (start < 0)
            return null;

        var columns = message[(start + Marker.Length)..].TrimEnd('.', '\'').Split(", ");
        var dot = columns[0].IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : $"ux_{columns[0][..dot]}_{string.Join('_', columns.Select(c => c[(dot + 1)..]))}";
    }

    private static void CreatePrivate(string path)
    {
        using SafeFileHandle file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).SafeFileHandle;
    }

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }

    /// <summary>What SQLite forgets when a connection closes.</summary>
    private sealed class ConnectionSettings : DbConnectionInterceptor
    {
        public static void Apply(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            // FULL: each commit reaches the disk before it returns, in write-ahead mode too.
            command.CommandText = "PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000";
            command.ExecuteNonQuery();
        }

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Apply(connection);
            return Task.CompletedTask;
        }
    }
}
