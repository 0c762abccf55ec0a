using System.Xml.Linq;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Hypervisor.Connections;
using Ramet.Hypervisor.Xml;
using Ramet.Libvirt;

namespace Ramet.Hypervisor;

/// <content>Disks of defined and of running domains.</content>
public sealed partial class LibvirtHypervisor
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> GetDiskPathsAsync(Guid id, CancellationToken cancellationToken) =>
        OnDomainAsync(Lane.Control, id, "read the domain's disks", d => DomainXmlReader.DiskPaths(d.GetXml()), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SwitchDisksAsync(Guid id, IReadOnlyList<DomainDisk> disks, bool quiesce, CancellationToken cancellationToken) =>
        _link.CallAsync(
            Lane.Guest, "switch the domain's disks",
            connection =>
            {
                using var domain = connection.FindDomain(id) ?? throw HypervisorErrors.NoDomain(id.ToString());
                var frozen = domain.GetState().State is not (DomainState.ShutOff or DomainState.Crashed) && SwitchLive(domain, disks, quiesce);
                // Live too: the next start shall find the whole chain declared, not what libvirt remembers of it.
                RewriteDefinition(connection, domain, disks);
                return frozen;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task PullAsync(Guid id, string target, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        using var unsubscribe = new CancellationTokenSource();
        var ended = EndOfBlockJobAsync(id, target, unsubscribe.Token);
        try
        {
            await OnDomainAsync(Lane.Bulk, id, $"pull disk {target}", d => StartPull(d, target), cancellationToken);
            using var timer = new PeriodicTimer(ProgressInterval, _time);
            while (!ended.IsCompleted)
            {
                await Task.WhenAny(ended, timer.WaitForNextTickAsync(cancellationToken).AsTask());
                cancellationToken.ThrowIfCancellationRequested();
                if (!ended.IsCompleted && await OnDomainAsync(Lane.Control, id, $"watch the pull of disk {target}", d => d.GetBlockJob(target), cancellationToken) is { } job)
                    progress?.Report(((long)job.Current, (long)job.End));
            }

            await ended;
            await _link.CallAsync(Lane.Bulk, "rewrite the domain's disks", c => KeepOnlyActive(c, id, target), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await AbortPullAsync(id, target);
            throw;
        }
        finally
        {
            await unsubscribe.CancelAsync();
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public Task<bool> HasBlockJobAsync(Guid id, string target, CancellationToken cancellationToken) =>
        OnDomainAsync(
            Lane.Control, id, $"look for a block job on disk {target}",
            domain =>
            {
                try
                {
                    return domain.GetBlockJob(target) is not null;
                }
                catch (LibvirtException e) when (e.Kind == LibvirtErrorKind.InvalidState)
                {
                    return false;
                }
            },
            cancellationToken);

    /// <returns>Whether the guest's file systems were frozen meanwhile.</returns>
    private static bool SwitchLive(Domain domain, IReadOnlyList<DomainDisk> disks, bool quiesce)
    {
        const SnapshotOptions options = SnapshotOptions.DiskOnly | SnapshotOptions.Atomic | SnapshotOptions.ReuseExternal | SnapshotOptions.NoMetadata;
        var live = XElement.Parse(domain.GetXml()).Elements("devices").Elements("disk").ToList();
        var current = live.Where(d => DiskXml.Device(d) == "disk")
            .ToDictionary(d => DiskXml.Target(d) ?? "", d => d.Element("source")?.Attribute("file")?.Value);
        // An operation that is done again after a crash finds some disks where it wants them.
        var moving = disks.Where(d => current.GetValueOrDefault(d.Target) != d.Chain[0].Path).ToList();
        if (moving.Count == 0)
            return false;
        var xml = DiskXml.Snapshot(moving, live.Select(d => DiskXml.Target(d) ?? "")).ToString(SaveOptions.DisableFormatting);
        if (quiesce)
        {
            try
            {
                // The daemon thaws whatever happens to us: freezing by a call of our own could leave a guest frozen.
                domain.CreateSnapshot(xml, options | SnapshotOptions.Quiesce);
                return true;
            }
            catch (LibvirtException e) when (e.Kind != LibvirtErrorKind.Disconnected)
            {
                // No agent, or one that cannot freeze. The snapshot is atomic: nothing has changed yet.
            }
        }

        domain.CreateSnapshot(xml, options);
        return false;
    }

    private static void RewriteDefinition(Connection connection, Domain domain, IReadOnlyList<DomainDisk> disks)
    {
        var definition = XElement.Parse(domain.GetXml(DomainXmlOptions.Inactive | DomainXmlOptions.Secure));
        var elements = definition.Elements("devices").Elements("disk").ToDictionary(d => DiskXml.Target(d) ?? "");
        foreach (var disk in disks)
        {
            if (!elements.TryGetValue(disk.Target, out var element))
                throw new RametException(ErrorKind.NotFound, $"domain {domain.Name} has no disk {disk.Target}", null, domain.Name);
            DiskXml.SetChain(element, disk.Chain);
        }

        connection.DefineDomain(definition.ToString(SaveOptions.DisableFormatting)).Dispose();
    }

    private static bool KeepOnlyActive(Connection connection, Guid id, string target)
    {
        using var domain = connection.FindDomain(id) ?? throw HypervisorErrors.NoDomain(id.ToString());
        var disk = XElement.Parse(domain.GetXml()).Elements("devices").Elements("disk").First(d => DiskXml.Target(d) == target);
        var format = DiskXml.ParseFormat(disk.Element("driver")?.Attribute("type")?.Value) ?? Core.Layers.ImageFormat.Qcow2;
        RewriteDefinition(connection, domain, [new DomainDisk(target, [new DomainLayer(disk.Element("source")!.Attribute("file")!.Value, format)])]);
        return true;
    }

    private static void StartPull(Domain domain, string target)
    {
        // Done again after a crash of the server: the job may still run, and its end is all that is wanted.
        if (domain.GetBlockJob(target) is not { Type: BlockJobType.Pull })
            domain.PullBlocks(target);
    }

    private async Task AbortPullAsync(Guid id, string target)
    {
        try
        {
            await OnDomainAsync(Lane.Bulk, id, $"cancel the pull of disk {target}", d => d.AbortBlockJob(target), CancellationToken.None);
        }
        catch (RametException)
        {
            // The job is over, or the domain is.
        }
    }

    /// <summary>Subscribes when called; completes with the disk's next block job, or fails as it did.</summary>
    private Task EndOfBlockJobAsync(Guid id, string target, CancellationToken cancellationToken)
    {
        var events = _domainEvents.Subscribe(cancellationToken);
        return ReadAsync();

        async Task ReadAsync()
        {
            await foreach (var happened in events)
            {
                switch (happened)
                {
                    case LifecycleEvent { Change: LifecycleChange.Stopped } when happened.Uuid == id:
                        throw new RametException(
                            ErrorKind.InvalidState, $"{happened.Name} stopped while disk {target} was pulled", "Start it and try again", happened.Name);
                    case BlockJobEvent job when job.Uuid == id && job.Disk == target && job.Status == BlockJobStatus.Completed:
                        return;
                    case BlockJobEvent job when job.Uuid == id && job.Disk == target && job.Status == BlockJobStatus.Failed:
                        throw new RametException(
                            ErrorKind.HypervisorFailure, $"QEMU could not pull disk {target} of {job.Name}", "See the domain's log in /var/log/libvirt/qemu", job.Name);
                    case BlockJobEvent job when job.Uuid == id && job.Disk == target && job.Status == BlockJobStatus.Canceled:
                        throw new RametException(ErrorKind.Cancelled, $"somebody cancelled the pull of disk {target} of {job.Name}", null, job.Name);
                }
            }
        }
    }
}
