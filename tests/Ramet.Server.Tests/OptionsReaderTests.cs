using Microsoft.Extensions.Logging;
using Ramet.Core.Errors;
using Ramet.Server.Options;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly string _folder = TestServer.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_anything_the_defaults_hold()
    {
        var options = Read([], [], "{}");

        Assert.Equal(new ServerOptions(), options);
        Assert.Equal("127.0.0.1:8743", options.Listen!.ToString());
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_this_over_the_file()
    {
        var options = Read(
            new() { ["state"] = "/a" },
            new() { ["RAMET_STATE"] = "/b", ["RAMET_GROUP"] = "staff" },
            """{ "state": "/c", "group": "wheel", "logLevel": "debug", /* said once */ "listen": "[::1]:9" }""");

        Assert.Equal(("/a", "staff", LogLevel.Debug, "[::1]:9"), (options.State, options.Group, options.LogLevel, options.Listen!.ToString()));
    }

    [Fact]
    public void A_stronger_place_can_turn_https_on_and_off()
    {
        Assert.Null(Read([], new() { ["RAMET_NO_HTTPS"] = "1" }, """{ "listen": "127.0.0.1:1" }""").Listen);
        Assert.Equal(2, Read(new() { ["listen"] = "127.0.0.1:2" }, [], """{ "noHttps": true }""").Listen!.Port);
    }

    [Theory]
    [InlineData("state", "relative/path", "--state is not an absolute path")]
    [InlineData("listen", "127.0.0.1", "--listen is not ADDRESS:PORT")]
    [InlineData("listen", "127.0.0.1:70000", "--listen is not ADDRESS:PORT")]
    [InlineData("listen", "::1", "--listen is not ADDRESS:PORT")]
    [InlineData("libvirt", "system", "--libvirt is not a libvirt URI")]
    [InlineData("logLevel", "loud", "--log-level is not a log level")]
    [InlineData("noHttps", "maybe", "--no-https is neither true nor false")]
    public void A_value_that_makes_no_sense_is_refused_where_it_stands(string name, string value, string message)
    {
        var error = Assert.Throws<RametException>(() => Read(new() { [name] = value }, [], "{}"));

        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_path_must_fit_its_address()
    {
        Assert.Equal(107, Read(new() { ["socket"] = "/" + new string('s', 106) }, [], "{}").Socket.Length);
        Assert.Throws<RametException>(() => Read(new() { ["socket"] = "/" + new string('s', 107) }, [], "{}"));
    }

    [Fact]
    public void A_word_in_the_file_that_nobody_knows_is_refused()
    {
        var error = Assert.Throws<RametException>(() => Read([], [], """{ "sate": "/x" }"""));

        Assert.Contains("\"sate\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("state", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Listen_and_no_https_in_one_place_contradict_each_other() =>
        Assert.Throws<RametException>(() => Read(new() { ["listen"] = "127.0.0.1:1", ["noHttps"] = "true" }, [], "{}"));

    [Fact]
    public void A_file_that_was_named_must_be_there() =>
        Assert.Throws<RametException>(() => OptionsReader.Read(new Dictionary<string, string>(), _ => null, Path.Combine(_folder, "none.json")));

    private ServerOptions Read(Dictionary<string, string> commandLine, Dictionary<string, string> environment, string file)
    {
        var path = Path.Combine(_folder, "server.json");
        File.WriteAllText(path, file);
        return OptionsReader.Read(commandLine, environment.GetValueOrDefault, path);
    }
}
