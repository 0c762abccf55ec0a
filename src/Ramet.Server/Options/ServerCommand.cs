using System.CommandLine;

namespace Ramet.Server.Options;

/// <summary>The command line of ramet-server.</summary>
internal static class ServerCommand
{
    /// <param name="run">Runs the server; its result is the exit status.</param>
    public static RootCommand Create(Func<ServerOptions, CancellationToken, Task<int>> run)
    {
        var config = new Option<string?>("--config") { Description = $"File with options [default: {OptionsReader.DefaultFile}]", HelpName = "FILE" };
        var defaults = new ServerOptions();
        var texts = new Dictionary<string, Option<string?>>
        {
            ["state"] = Text("state", "DIR", $"Folder that keeps everything [default: {defaults.State}]"),
            ["socket"] = Text("socket", "PATH", $"Unix socket for root and the group's members [default: {defaults.Socket}]"),
            ["listen"] = Text("listen", "ADDR:PORT", $"Where HTTPS listens, for holders of API tokens [default: {defaults.Listen}]"),
            ["libvirt"] = Text("libvirt", "URI", $"libvirt of the host that the first start makes [default: {defaults.Libvirt}]"),
            ["group"] = Text("group", "NAME", $"Members of this system group are administrators [default: {defaults.Group}]"),
            ["logLevel"] = Text("logLevel", "LEVEL", "trace, debug, info, warning or error [default: info]"),
        };
        var noHttps = new Option<bool>(OptionsReader.OptionName("noHttps")) { Description = "Only the unix socket" };

        var command = new RootCommand(
            "Ramet's server: linked clones for KVM. Each option may also stand in the file and in the environment (--no-https as RAMET_NO_HTTPS).");
        foreach (var option in texts.Values)
            command.Options.Add(option);
        command.Options.Add(noHttps);
        command.Options.Add(config);
        command.SetAction((parsed, cancellationToken) =>
        {
            var values = new Dictionary<string, string>();
            foreach (var (name, option) in texts)
            {
                if (parsed.GetValue(option) is { } value)
                    values.Add(name, value);
            }

            if (parsed.GetValue(noHttps))
                values.Add("noHttps", "true");
            return run(OptionsReader.Read(values, Environment.GetEnvironmentVariable, parsed.GetValue(config)), cancellationToken);
        });
        return command;
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(OptionsReader.OptionName(name)) { HelpName = help, Description = description };
}
