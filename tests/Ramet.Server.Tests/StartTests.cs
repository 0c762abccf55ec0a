using System.Net;
using System.Net.Sockets;
using Ramet.Contracts;
using Ramet.Core.Errors;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class StartTests : IDisposable
{
    private readonly string _folder = TestServer.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_first_start_makes_everything_and_the_second_finds_it()
    {
        Guid datastore, host;
        await using (var server = await TestServer.StartAsync(_folder))
        {
            var made = Assert.Single(await server.GetAsync<IReadOnlyList<Datastore>>(Routes.Datastores));
            Assert.Equal(("default", server.Options.DefaultDatastorePath), (made.Name, made.Path));
            var found = Assert.Single(await server.GetAsync<IReadOnlyList<Host>>(Routes.Hosts));
            Assert.Equal(("default", "fake:///system"), (found.Name, found.Uri));
            (datastore, host) = (made.Id, found.Id);

            // QEMU's user has to pass through; nobody but root may read what is secret.
            Assert.Equal("rwx--x--x", Mode(server.Options.State));
            Assert.Equal("rwx------", Mode(server.Options.TlsDirectory));
            Assert.Equal("rw-------", Mode(Path.Combine(server.Options.TlsDirectory, "server.key")));
            Assert.Equal("rw-------", Mode(server.Options.CatalogPath));
            Assert.Equal("rw-rw----", Mode(server.Options.Socket));
        }

        Assert.False(File.Exists(Path.Combine(_folder, "ramet.sock")));
        await using var again = await TestServer.StartAsync(_folder);
        Assert.Equal(datastore, Assert.Single(await again.GetAsync<IReadOnlyList<Datastore>>(Routes.Datastores)).Id);
        Assert.Equal(host, Assert.Single(await again.GetAsync<IReadOnlyList<Host>>(Routes.Hosts)).Id);
    }

    [Fact]
    public async Task A_first_start_that_was_cut_off_is_finished_by_the_next()
    {
        await using (var server = await TestServer.StartAsync(_folder))
        {
        }

        // As if the power had failed between the record and the folder.
        Directory.Delete(TestServer.OptionsIn(_folder).DefaultDatastorePath, recursive: true);

        await using var again = await TestServer.StartAsync(_folder);
        await again.ImportAsync("debian12");
    }

    [Fact]
    public async Task A_second_server_on_the_same_state_is_told_who_has_it()
    {
        await using var server = await TestServer.StartAsync(_folder);

        var error = await Assert.ThrowsAsync<RametException>(
            () => TestServer.StartAsync(_folder, change: o => o with { Socket = Path.Combine(_folder, "other.sock") }));

        Assert.Equal(ErrorKind.Busy, error.Kind);
        Assert.Contains($"pid {Environment.ProcessId}, socket {server.Options.Socket}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_folder_that_others_can_write_to_is_refused_and_left_as_it_is()
    {
        var state = Directory.CreateDirectory(TestServer.OptionsIn(_folder).State).FullName;
        File.SetUnixFileMode(state, (UnixFileMode)0b111_111_111);

        var error = await Assert.ThrowsAsync<RametException>(() => TestServer.StartAsync(_folder));

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Equal("rwxrwxrwx", Mode(state));
        Assert.Empty(Directory.EnumerateFileSystemEntries(state));
    }

    [Fact]
    public async Task A_socket_that_a_killed_server_left_is_replaced()
    {
        var path = TestServer.OptionsIn(_folder).Socket;
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        // Closing a socket removes the path that it was bound to; a killed process does not come to that.
        File.Move(path + ".kept", path);

        await using var server = await TestServer.StartAsync(_folder);

        Assert.NotEmpty((await server.GetAsync<VersionInfo>(Routes.Version)).Version);
    }

    [Fact]
    public async Task A_socket_that_somebody_listens_on_is_left_alone()
    {
        var path = TestServer.OptionsIn(_folder).Socket;
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(path));
        other.Listen();

        var error = await Assert.ThrowsAsync<RametException>(() => TestServer.StartAsync(_folder));

        Assert.Equal(ErrorKind.Busy, error.Kind);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_file_where_the_socket_should_be_is_left_alone()
    {
        var path = TestServer.OptionsIn(_folder).Socket;
        await File.WriteAllTextAsync(path, "");

        var error = await Assert.ThrowsAsync<RametException>(() => TestServer.StartAsync(_folder));

        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var endpoint = (IPEndPoint)taken.LocalEndpoint;

        var error = await Assert.ThrowsAsync<RametException>(() => TestServer.StartAsync(_folder, change: o => o with { Listen = endpoint }));

        Assert.Equal((ErrorKind.Busy, endpoint.ToString()), (error.Kind, error.Object));
        // The failed start has let go of everything.
        await using var server = await TestServer.StartAsync(_folder);
    }

    [Fact]
    public async Task Without_https_there_is_only_the_socket()
    {
        await using var server = await TestServer.StartAsync(_folder, change: o => o with { Listen = null });

        Assert.NotEmpty((await server.GetAsync<VersionInfo>(Routes.Version)).Version);
        Assert.False(Directory.Exists(server.Options.TlsDirectory));
    }

    private static string Mode(string path)
    {
        var mode = (int)File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(i => (mode & (0x100 >> i)) != 0 ? "rwxrwxrwx"[i] : '-'));
    }
}
