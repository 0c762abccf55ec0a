using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

using Ramet.Catalog.Migrations;
using Ramet.Core.Errors;

namespace Ramet.Catalog.Tests;

/// <summary>The hand-written SQL against the model, and the ways from one version to the next, on both databases.</summary>
public sealed class SchemaTests(PostgresCluster cluster)
{
    public static TheoryData<CatalogProvider> Providers => [CatalogProvider.Sqlite, CatalogProvider.Postgres];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task The_migrated_schema_is_the_models(CatalogProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, cluster);
        await using var context = database.Catalog.OpenContext();
        var migrated = await ReadSchemaAsync(context, provider);
        Assert.Equal(Describe(context.GetService<IDesignTimeModel>().Model.GetRelationalModel(), provider), migrated);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Migrating_again_and_at_once_changes_nothing(CatalogProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, cluster, migrate: false);
        await using EfCatalog first = database.Reopen(), second = database.Reopen();
        await Task.WhenAll(Task.Run(() => first.MigrateAsync(default)), Task.Run(() => second.MigrateAsync(default)));
        await first.MigrateAsync(default);
        Assert.Equal("1", await ScalarAsync(database, "SELECT count(*) FROM schema_version"));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_schema_of_a_later_version_is_refused(CatalogProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, cluster);
        await using var later = database.Reopen([.. Migration.LoadAll(provider), new Migration(2, "later", "CREATE TABLE later (id integer)")]);
        await later.MigrateAsync(default);

        var error = await Assert.ThrowsAsync<RametException>(() => database.Catalog.MigrateAsync(default));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("has schema version 2; this Ramet knows versions up to 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_migration_that_fails_leaves_the_version_before_it(CatalogProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, cluster);
        await using var broken = database.Reopen(
        [
            .. Migration.LoadAll(provider),
            new Migration(2, "good", "CREATE TABLE good (id integer)"),
            new Migration(3, "broken", "CREATE TABLE half (id integer); INSERT INTO nowhere VALUES (1)"),
        ]);
        var error = await Assert.ThrowsAsync<RametException>(() => broken.MigrateAsync(default));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);

        Assert.Equal("2", await ScalarAsync(database, "SELECT max(version) FROM schema_version"));
        await using var repaired = database.Reopen([.. Migration.LoadAll(provider), new Migration(2, "good", "-"), new Migration(3, "whole", "CREATE TABLE half (id integer)")]);
        await repaired.MigrateAsync(default);
        Assert.Equal("3", await ScalarAsync(database, "SELECT max(version) FROM schema_version"));
    }

    [Fact]
    public void Both_databases_have_the_same_migrations_without_a_gap()
    {
        var sqlite = Migration.LoadAll(CatalogProvider.Sqlite);
        Assert.Equal(sqlite.Select(m => (m.Version, m.Name)), Migration.LoadAll(CatalogProvider.Postgres).Select(m => (m.Version, m.Name)));
        Assert.Equal(Enumerable.Range(1, sqlite.Count), sqlite.Select(m => m.Version));
    }

    /// <summary>One line for each column, index and foreign key of the model.</summary>
    private static List<string> Describe(IRelationalModel model, CatalogProvider provider)
    {
        var lines = new List<string>();
        foreach (var table in model.Tables)
        {
            lines.AddRange(table.Columns.Select(c => $"{table.Name}.{c.Name} {c.StoreType.ToLowerInvariant()} {(c.IsNullable ? "null" : "not null")}"));
            lines.Add($"{table.Name} key {string.Join(',', table.PrimaryKey!.Columns.Select(c => c.Name))}");
            lines.AddRange(table.Indexes.Select(i => $"{table.Name} {(i.IsUnique ? "unique" : "index")} {i.Name} {string.Join(',', i.Columns.Select(c => c.Name))}"));
            lines.AddRange(table.ForeignKeyConstraints.Select(f =>
                $"{table.Name}.{f.Columns.Single().Name} -> {f.PrincipalTable.Name} {(f.OnDeleteAction == Microsoft.EntityFrameworkCore.Migrations.ReferentialAction.Cascade ? "cascade" : "restrict")}"));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The same lines, from the database's own catalog.</summary>
    private static async Task<List<string>> ReadSchemaAsync(CatalogContext context, CatalogProvider provider)
    {
        await context.Database.OpenConnectionAsync();
        var lines = new List<string>();
        foreach (var sql in provider == CatalogProvider.Sqlite ? SqliteSchema : PostgresSchema)
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                lines.Add(reader.GetString(0));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static async Task<string?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var context = database.Catalog.OpenContext();
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private static readonly string[] SqliteSchema =
    [
        """
        SELECT m.name || '.' || c.name || ' ' || lower(c.type) || iif(c."notnull", ' not null', ' null')
        FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT IN ('schema_version', 'sqlite_sequence')
        """,
        """
        SELECT m.name || ' key ' || (SELECT group_concat(c.name, ',') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk) c)
        FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT IN ('schema_version', 'sqlite_sequence')
        """,
        """
        SELECT m.name || iif(i."unique", ' unique ', ' index ') || i.name || ' ' || (SELECT group_concat(c.name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c)
        FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'
        """,
        """
        SELECT m.name || '.' || f."from" || ' -> ' || f."table" || ' ' || lower(f.on_delete)
        FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
        """,
    ];

    private static readonly string[] PostgresSchema =
    [
        """
        SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE ' not null' END
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_version'
        """,
        """
        SELECT t.relname || CASE WHEN i.indisprimary THEN ' key ' WHEN i.indisunique THEN ' unique ' || n.relname || ' ' ELSE ' index ' || n.relname || ' ' END
            || (SELECT string_agg(a.attname, ',' ORDER BY k.position) FROM unnest(i.indkey) WITH ORDINALITY k (number, position)
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number)
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid
        WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> 'schema_version'
        """,
        """
        SELECT t.relname || '.' || a.attname || ' -> ' || p.relname || CASE f.confdeltype WHEN 'c' THEN ' cascade' WHEN 'r' THEN ' restrict' ELSE ' other' END
        FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = f.conkey[1]
        WHERE f.contype = 'f' AND t.relnamespace = 'public'::regnamespace
        """,
    ];
}
