using System.CommandLine;
using Ramet.Cli.Completion;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;

namespace Ramet.Cli.Commands;

/// <summary>Hardware and first-boot settings, which import and clone share.</summary>
internal sealed class MachineOptions
{
    private readonly Option<int?> _cpu = new("--cpu") { HelpName = "N", Description = "Virtual CPUs" };
    private readonly Option<int?> _memory = new("--memory") { HelpName = "SIZE", Description = "Memory: 512M, 2G" };
    private readonly Option<string?> _datastore = new("--datastore") { HelpName = "NAME", Description = "Where the disks go" };
    private readonly Option<string?> _network = new("--network") { HelpName = "NAME", Description = "libvirt network to connect to" };
    private readonly Option<string?> _userData = new("--user-data") { HelpName = "FILE", Description = "cloud-init user data, read here" };
    private readonly Option<string[]> _sshKeys = new("--ssh-key")
    {
        HelpName = "FILE",
        Description = "Public SSH key for the guest's default user, read here; may be repeated",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _description = new("--description") { HelpName = "TEXT", Description = "A note about it" };
    private readonly Flag _start = new("--start") { Description = "Start it when it is made" };

    public MachineOptions(Command command, CliApplication application)
    {
        var candidates = new Candidates(application);
        _datastore.CompletionSources.Add(candidates.Datastores);
        _network.CompletionSources.Add(candidates.Networks);
        _memory.CustomParser = result =>
        {
            if (Units.TryParseMiB(result.Tokens[0].Value, out var mebibytes))
                return mebibytes;
            result.AddError($"\"{result.Tokens[0].Value}\" is not a size of memory: write 512M or 2G");
            return null;
        };
        _cpu.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var cpus) && cpus < 1)
                result.AddError("--cpu must be at least 1");
        });
        foreach (var option in new Option[] { _start, _cpu, _memory, _datastore, _network, _userData, _sshKeys, _description })
            command.Options.Add(option);
    }

    public int? Cpus(Invocation call) => call.Get(_cpu);

    public int? MemoryMiB(Invocation call) => call.Get(_memory);

    public string? Datastore(Invocation call) => call.Get(_datastore);

    public string? Network(Invocation call) => call.Get(_network);

    public string? UserData(Invocation call) => call.Get(_userData) is { } file ? InputFile.Read(file, "the user data") : null;

    public string? SshKeys(Invocation call) => InputFile.ReadSshKeys(call.Get(_sshKeys) ?? []);

    public string? Description(Invocation call) => call.Get(_description);

    public bool Start(Invocation call) => call.Get(_start);
}
