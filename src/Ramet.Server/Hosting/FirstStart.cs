using Ramet.Core.Catalog;
using Ramet.Core.Datastores;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Server.Logging;
using Ramet.Server.Options;

namespace Ramet.Server.Hosting;

/// <summary>Makes what every catalog has: the default datastore and the default host. Later starts find them.</summary>
internal sealed class FirstStart(ServerOptions options, ICatalog catalog, ILayerStore layers, TimeProvider time, ILogger<FirstStart> log)
{
    public const string DefaultName = "default";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var session = catalog.Open();
        var now = time.GetUtcNow();
        var isFirst = false;
        if (await session.CountAsync(session.Datastores, cancellationToken) == 0)
        {
            session.Add(new Datastore { Id = Guid.CreateVersion7(now), Name = DefaultName, Path = options.DefaultDatastorePath, CreatedAt = now });
            isFirst = true;
        }

        if (await session.CountAsync(session.Hosts, cancellationToken) == 0)
        {
            session.Add(new Core.Hosts.Host { Id = Guid.CreateVersion7(now), Name = DefaultName, Uri = options.Libvirt, CreatedAt = now });
            isFirst = true;
        }

        await session.SaveAsync(cancellationToken);
        // After the record, and at every start: the folder carries the record's id, and a first start may have been cut off here.
        var own = await session.FirstOrDefaultAsync(session.Datastores.Where(d => d.Path == options.DefaultDatastorePath), cancellationToken);
        if (own is not null)
            await layers.PrepareAsync(own, cancellationToken);
        if (isFirst)
            log.FirstStart(options.DefaultDatastorePath, options.Libvirt);
    }
}
