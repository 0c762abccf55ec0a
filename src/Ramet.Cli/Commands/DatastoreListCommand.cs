using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet datastore list</summary>
internal sealed class DatastoreListCommand : RametCommand
{
    public DatastoreListCommand(CliApplication application)
        : base(application, "list", "List places for disks and the room in them.")
    {
        Example("ramet datastore list");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.Show(await call.Client.ListDatastoresAsync(cancellationToken), RametJson.Default.IReadOnlyListDatastore, datastores =>
        {
            var table = new TableView("Name", "Tier", "Layers", "Used by layers", "Free", "Size", "Path").AlignRight(2, 3, 4, 5);
            foreach (var d in datastores)
            {
                table.Row(new Cell(d.Name, Look.Strong), d.Tier, d.Layers.ToString(), Units.Bytes(d.LayerBytes),
                    Units.Bytes(d.FreeBytes), Units.Bytes(d.TotalBytes), d.Path);
            }

            table.Write(call.Screen, "No datastores.");
        });
}
