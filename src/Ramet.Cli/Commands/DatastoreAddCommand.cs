using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet datastore add</summary>
internal sealed class DatastoreAddCommand : RametCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the datastore" };
    private readonly Argument<string> _path = new("PATH") { Description = "Folder on the server's machine" };
    private readonly Option<string?> _tier = new("--tier") { HelpName = "TIER", Description = "How fast it is, in a word: nvme, ssd, hdd, …" };

    public DatastoreAddCommand(CliApplication application)
        : base(application, "add", "Add a folder as a place for disks.")
    {
        Add(_name);
        Add(_path);
        Add(_tier);
        Example("ramet datastore add fast /srv/nvme/ramet --tier nvme");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var request = new DatastoreRequest(call.Get(_name), Path.GetFullPath(call.Get(_path), call.Host.WorkingFolder), call.Get(_tier));
        return call.Show(await call.Client.AddDatastoreAsync(request, cancellationToken), RametJson.Default.Datastore,
            d => call.Screen.Line("added:", Look.Good, $"{d.Name} at {d.Path}, {Units.Bytes(d.FreeBytes)} free"));
    }
}
