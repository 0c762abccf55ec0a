using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Ramet.Catalog.Migrations;
using Ramet.Core.Errors;

namespace Ramet.Catalog.Tests;

/// <summary>What is SQLite's own: durability settings, the file's mode, the copy before a migration, broken files, a full disk.</summary>
public sealed class SqliteTests
{
    [Fact]
    public async Task Every_connection_is_durable_and_checks_references()
    {
        await using var database = await TestDatabase.CreateAsync(CatalogProvider.Sqlite, cluster: null!);
        for (var i = 0; i < 2; i++)
        {
            await using var context = database.Catalog.OpenContext();
            await context.Database.OpenConnectionAsync();
            Assert.Equal("wal", Pragma(context, "journal_mode"));
            Assert.Equal("2", Pragma(context, "synchronous"));
            Assert.Equal("1", Pragma(context, "foreign_keys"));
            Assert.Equal("5000", Pragma(context, "busy_timeout"));
        }
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_files()
    {
        await using var database = await TestDatabase.CreateAsync(CatalogProvider.Sqlite, cluster: null!);
        await using var session = database.Catalog.Open();
        session.Add(Samples.Host());
        await session.SaveAsync(default);
        var files = Directory.GetFiles(Path.GetDirectoryName(database.Options.Path)!);
        Assert.Equal(3, files.Length);
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task A_copy_is_kept_of_what_a_migration_changes()
    {
        await using var database = await TestDatabase.CreateAsync(CatalogProvider.Sqlite, cluster: null!);
        await using (var session = database.Catalog.Open())
        {
            session.Add(Samples.Host());
            await session.SaveAsync(default);
        }

        Assert.False(File.Exists(database.Options.Path + ".v1"));
        await using var later = database.Reopen([.. Migration.LoadAll(CatalogProvider.Sqlite), new Migration(2, "later", "DELETE FROM hosts")]);
        await later.MigrateAsync(default);

        await using var copy = new EfCatalog(new CatalogOptions { Path = database.Options.Path + ".v1" }, TimeProvider.System);
        await copy.MigrateAsync(default);
        await using var before = copy.OpenReadOnly();
        Assert.Equal(1, await before.CountAsync(before.Hosts, default));
        await using var after = later.OpenReadOnly();
        Assert.Equal(0, await after.CountAsync(after.Hosts, default));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(database.Options.Path + ".v1"));
    }

    [Fact]
    public async Task A_file_that_is_no_catalog_is_refused_and_left_alone()
    {
        await using var database = await TestDatabase.CreateAsync(CatalogProvider.Sqlite, cluster: null!, migrate: false);
        var garbage = new byte[8192];
        new Random(1).NextBytes(garbage);
        File.WriteAllBytes(database.Options.Path!, garbage);

        var error = await Assert.ThrowsAsync<RametException>(() => database.Catalog.MigrateAsync(default));
        Assert.Equal(ErrorKind.InputOutput, error.Kind);
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, File.ReadAllBytes(database.Options.Path!));
    }

    [Fact]
    public async Task A_damaged_page_is_an_error_that_says_so()
    {
        await using var database = await TestDatabase.CreateAsync(CatalogProvider.Sqlite, cluster: null!);
        await using (var session = database.Catalog.Open())
        {
            session.AddRange(Enumerable.Range(0, 200).Select(i => Samples.Host($"host-{i}")));
            await session.SaveAsync(default);
        }

        await database.Catalog.DisposeAsync();
        using (var file = File.OpenHandle(database.Options.Path!, FileMode.Open, FileAccess.ReadWrite))
        {
            // All but the first page, which holds the schema.
            for (var at = 4096L; at < RandomAccess.GetLength(file); at += 4096)
                RandomAccess.Write(file, Enumerable.Repeat((byte)0xff, 4096).ToArray(), at);
        }

        await using var damaged = database.Reopen();
        await using var reading = damaged.OpenReadOnly();
        var error = await Assert.ThrowsAsync<RametException>(() => reading.ListAsync(reading.Hosts, default));
        Assert.Equal(ErrorKind.InputOutput, error.Kind);
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalog_that_vanished_is_not_replaced_by_an_empty_one()
    {
        await using var database = await TestDatabase.CreateAsync(CatalogProvider.Sqlite, cluster: null!, migrate: false);
        await using var session = database.Catalog.OpenReadOnly();
        var error = await Assert.ThrowsAsync<RametException>(() => session.ListAsync(session.Hosts, default));
        Assert.Equal(ErrorKind.InputOutput, error.Kind);
        Assert.False(File.Exists(database.Options.Path));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        await using var catalog = new EfCatalog(new CatalogOptions { Path = "/nowhere/catalog.db" }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<RametException>(() => catalog.MigrateAsync(default));
        Assert.Equal(ErrorKind.InputOutput, error.Kind);
        Assert.Contains("/nowhere/catalog.db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_save_and_keeps_what_was_there()
    {
        var folder = Directory.CreateTempSubdirectory("ramet-full-").FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder))
        {
            Directory.Delete(folder);
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail("a small tmpfs could not be mounted");
            Assert.Skip("only root can mount a small tmpfs");
        }

        try
        {
            await using var catalog = new EfCatalog(new CatalogOptions { Path = Path.Combine(folder, "catalog.db") }, TimeProvider.System);
            await catalog.MigrateAsync(default);
            await using (var session = catalog.Open())
            {
                session.Add(Samples.Host());
                await session.SaveAsync(default);
            }

            await using (var session = catalog.Open())
            {
                session.AddRange(Enumerable.Range(0, 2000).Select(i => Samples.Host(new string('x', 1000) + i)));
                var error = await Assert.ThrowsAsync<RametException>(() => session.SaveAsync(default));
                Assert.Equal(ErrorKind.NoSpace, error.Kind);
            }

            await using var reading = catalog.OpenReadOnly();
            Assert.Equal(1, await reading.CountAsync(reading.Hosts, default));
        }
        finally
        {
            Run("umount", folder);
            Directory.Delete(folder);
        }
    }

    private static string? Pragma(CatalogContext context, string name)
    {
        using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return command.ExecuteScalar()?.ToString();
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
