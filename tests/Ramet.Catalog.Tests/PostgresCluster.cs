using System.Diagnostics;
using Npgsql;
using Ramet.Catalog.Tests;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace Ramet.Catalog.Tests;

/// <summary>
/// A PostgreSQL of these tests' own on a unix socket in a temporary folder, started at the first use. Skips locally when the
/// package is not installed; fails when CI=true.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    // The server runs as postgres (it refuses root) and ends with its standard input: however this process dies, the pipe closes.
    private const string Script = """
        set -e
        folder=$(mktemp -d /tmp/ramet-pg-XXXXXX)
        "$1"/initdb -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
        "$1"/postgres -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" -c fsync=off >"$folder/log" 2>&1 </dev/null &
        server=$!
        until "$1"/pg_isready -q -h "$folder" -U postgres; do kill -0 $server || { cat "$folder/log" >&2; exit 1; }; sleep 0.05; done
        echo "$folder"
        cat >/dev/null
        kill -INT $server
        wait $server || true
        rm -rf "$folder"
        """;

    private readonly SemaphoreSlim _starting = new(1);
    private Process? _server;
    private string? _socketFolder;
    private int _databases;

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _socketFolder ??= await StartAsync();
        }
        finally
        {
            _starting.Release();
        }

        var name = $"catalog{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create($"Host={_socketFolder};Username=postgres;Pooling=false");
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return $"Host={_socketFolder};Username=postgres;Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.StandardInput.Close();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _starting.Dispose();
    }

    private async Task<string> StartAsync()
    {
        var binaries = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin")).LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;
        if (binaries is null)
        {
            const string Reason = "PostgreSQL is not installed (apt-get install postgresql)";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(Reason);
            Assert.Skip(Reason);
        }

        string[] shell = ["/bin/sh", "-c", Script, "sh", binaries];
        string[] command = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. shell] : shell;
        _server = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
        return await _server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("PostgreSQL did not start; its log is above");
    }
}
