using System.Diagnostics;
using Ramet.Contracts;
using Ramet.Testing;

namespace Ramet.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("ramet sna", "snapshot")]
    [InlineData("ramet snapshot ", "create list")]
    [InlineData("ramet start seat", "seat-01 seat-02")]
    [InlineData("ramet start seat-01 seat-02 deb", "debian12")]
    [InlineData("ramet show --json d", "debian12")]
    [InlineData("ramet clone debian12@", "debian12@v1")]
    [InlineData("ramet list --all-clones-of se", "seat-01 seat-02 seat-02@a")]
    [InlineData("ramet delete --prom", "--promote-clones")]
    [InlineData("ramet import x --name y --format ", "qcow2 raw")]
    [InlineData("ramet operation wait 0", "0198a1f2-5b7c-7d3e-9f00-1a2b3c4d5e6f")]
    [InlineData("/usr/bin/ramet completion z", "zsh")]
    [InlineData("ramet nothing here ", "")]
    public async Task Words_come_from_the_commands_and_from_the_server(string line, string expected)
    {
        await using var server = await CompletingAsync();
        using var cli = new Cli(server);
        var run = await cli.With("RAMET_COMPLETION_TIMEOUT", "30").RunAsync("__complete", line);
        Assert.Equal(expected, string.Join(' ', run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0]).Order()));
    }

    [Fact]
    public async Task Without_a_server_there_is_nothing_and_no_error()
    {
        var run = await Cli.RunAsync(null, "__complete", "ramet start ");
        Assert.Equal((0, "", ""), (run.Code, run.Out, run.Error));
    }

    [Theory]
    [InlineData("ramet sta", "start")]
    [InlineData("ramet start se", "seat-01 seat-02")]
    [InlineData("ramet clone debian12@", "v1")]
    [InlineData("ramet clone debian12@v", "v1")]
    [InlineData("ramet clone deb", "debian12 debian12@v1")]
    public async Task The_script_works_in_a_real_bash(string line, string expected)
    {
        await using var server = await CompletingAsync();
        var script = (await Cli.RunAsync(null, "completion", "bash")).Out;
        // What readline would do at the tab key: split as bash splits (COMP_WORDBREAKS holds the @), call, show the candidates.
        var words = line.Replace("@", " @ ").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var program = Path.Combine(AppContext.BaseDirectory, "ramet.dll");
        var file = Path.Combine(server.Folder, "try.bash");
        await File.WriteAllTextAsync(file, $$"""
            set -eu
            export RAMET_SOCKET={{server.Socket}} RAMET_COMPLETION_TIMEOUT=30
            fake() { dotnet {{program}} "$@"; }
            COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'
            {{script}}
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            COMP_WORDS=({{string.Join(' ', words.Select(w => $"'{w}'"))}}) COMP_CWORD={{words.Length - 1}}
            COMP_WORDS[0]=fake
            _ramet fake
            printf '%s\n' "${COMPREPLY[@]}"
            """);

        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal("", await error);
        Assert.Equal(expected, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order()));
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task The_other_scripts_parse_where_their_shell_is_there(string shell)
    {
        var script = (await Cli.RunAsync(null, "completion", shell)).Out;
        Assert.Contains("__complete", script);
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(p => Path.Combine(p, shell)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", $"{shell} is not installed");
            Assert.Fail($"{shell} is not installed");
        }

        using var process = Process.Start(new ProcessStartInfo(path, ["-n", "/dev/stdin"]) { RedirectStandardInput = true })!;
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<ScriptedServer> CompletingAsync()
    {
        var server = await ScriptedServer.StartAsync();
        server.Get(Routes.Vms, [Documents.Vm("debian12"), Documents.Vm("seat-01"), Documents.Vm("seat-02")], RametJson.Default.IReadOnlyListVirtualMachine);
        server.Get(Routes.Tree, Documents.Tree, RametJson.Default.IReadOnlyListTreeNode);
        server.Get(Routes.Operations, [ScriptedOperation.Running()], RametJson.Default.IReadOnlyListOperation);
        return server;
    }
}
