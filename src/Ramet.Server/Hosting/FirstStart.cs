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
        var added = false;
        if (await session.CountAsync(session.Datastores, cancellationToken) == 0)
        {
            var now = time.GetUtcNow();
            var datastore = new Datastore
            {
                Id = Guid.CreateVersion7(now), Name = DefaultName, Path = options.DefaultDatastorePath, CreatedAt = now,
            };
            await layers.PrepareAsync(datastore, cancellationToken);
            session.Add(datastore);
            added = true;
        }

        if (await session.CountAsync(session.Hosts, cancellationToken) == 0)
        {
            var now = time.GetUtcNow();
            session.Add(new Core.Hosts.Host { Id = Guid.CreateVersion7(now), Name = DefaultName, Uri = options.Libvirt, CreatedAt = now });
            added = true;
        }

        if (!added)
            return;
        await session.SaveAsync(cancellationToken);
        log.FirstStart(options.DefaultDatastorePath, options.Libvirt);
    }
}
