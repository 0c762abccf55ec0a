using System.Xml.Linq;
using Ramet.Core.Errors;
using Ramet.Core.Hosts;
using Ramet.Hypervisor.Connections;
using Ramet.Hypervisor.States;
using Ramet.Hypervisor.Xml;
using Ramet.Libvirt;

namespace Ramet.Hypervisor;

/// <content>Definitions: make, remove, list, describe.</content>
public sealed partial class LibvirtHypervisor
{
    /// <inheritdoc/>
    public Task DefineAsync(IReadOnlyList<DomainDefinition> definitions, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (_options.ConsoleLogFolder is { } folder)
            Directory.CreateDirectory(folder);
        return InParallelAsync(definitions, progress, "define domains", Define, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(IReadOnlyList<Guid> ids, IProgress<int>? progress, CancellationToken cancellationToken) =>
        InParallelAsync(ids, progress, "remove domains", Remove, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DomainSummary>> ListDomainsAsync(CancellationToken cancellationToken)
    {
        // Again for what was defined meanwhile; a domain whose end is about to be told stays unknown, hence the limit.
        for (var round = 0; round < 3; round++)
        {
            var unknown = _states.WithoutMetadata();
            if (unknown.Count == 0 && _status.Connected)
                break;
            await _link.CallAsync(Lane.Bulk, "list the domains", c => ReadMetadata(c, unknown), cancellationToken);
        }

        return _states.List();
    }

    /// <inheritdoc/>
    public Task<DomainDescription> DescribeAsync(string nameOrId, CancellationToken cancellationToken) =>
        _link.CallAsync(
            Lane.Control, $"describe domain {nameOrId}",
            connection =>
            {
                using var domain = (Guid.TryParse(nameOrId, out var id) ? connection.FindDomain(id) : null) ?? connection.FindDomain(nameOrId)
                    ?? throw HypervisorErrors.NoDomain(nameOrId);
                var persistent = domain.IsPersistent;
                // With its secrets: written back without them, a console that asked for a password would ask no more.
                var xml = domain.GetXml(DomainXmlOptions.Secure | (persistent ? DomainXmlOptions.Inactive : DomainXmlOptions.None));
                return DomainXmlReader.Describe(xml, DomainStates.ToPowerState(domain.GetState().State), persistent);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostNetwork>> ListNetworksAsync(CancellationToken cancellationToken) =>
        _link.CallAsync<IReadOnlyList<HostNetwork>>(
            Lane.Control, "list the networks",
            connection =>
            {
                var found = new List<HostNetwork>();
                foreach (var network in connection.ListNetworks())
                {
                    using (network)
                    {
                        var bridge = XElement.Parse(network.GetXml()).Element("bridge")?.Attribute("name")?.Value;
                        found.Add(new HostNetwork(network.Name, network.IsActive, network.Autostart, bridge));
                    }
                }

                return found;
            },
            cancellationToken);

    /// <summary>Spreads the items over the bulk lane; the first failure stops the rest and is thrown.</summary>
    private async Task InParallelAsync<T>(
        IReadOnlyList<T> items, IProgress<int>? progress, string tried, Action<Connection, T> each, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int next = -1, done = 0;
        var workers = Enumerable.Range(0, Math.Min(HostLink.BulkWidth, items.Count)).Select(async _ =>
        {
            try
            {
                await _link.CallAsync(
                    Lane.Bulk, tried,
                    connection =>
                    {
                        int i;
                        while (!stop.IsCancellationRequested && (i = Interlocked.Increment(ref next)) < items.Count)
                        {
                            each(connection, items[i]);
                            progress?.Report(Interlocked.Increment(ref done));
                        }

                        return true;
                    },
                    stop.Token);
            }
            catch (RametException)
            {
                await stop.CancelAsync();
                throw;
            }
        }).ToList();

        try
        {
            await Task.WhenAll(workers);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Others were stopped by the failure of one: that one is to be told.
            await workers.First(w => w.IsFaulted);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Define(Connection connection, DomainDefinition definition)
    {
        var xml = NewWriter().Write(definition);
        _states.Defining(definition.Id);
        try
        {
            connection.DefineDomain(xml).Dispose();
            _states.Defined(definition.Id, definition.Name);
        }
        catch (LibvirtException e)
        {
            _states.NotDefining(definition.Id);
            // libvirt has no error code of its own for a name that another domain holds.
            if (e.Kind == LibvirtErrorKind.Failed && OtherOfThatName(connection, definition) is { } other)
            {
                throw new RametException(
                    ErrorKind.AlreadyExists, $"libvirt has another domain of the name {definition.Name} ({other})", "Choose another name, or adopt that domain",
                    definition.Name, inner: e);
            }

            throw HypervisorErrors.Translate(e, $"define domain {definition.Name}", definition.Name);
        }
    }

    private static Guid? OtherOfThatName(Connection connection, DomainDefinition definition)
    {
        using var other = connection.FindDomain(definition.Name);
        return other is not null && other.Uuid != definition.Id ? other.Uuid : null;
    }

    private void Remove(Connection connection, Guid id)
    {
        using (var domain = connection.FindDomain(id))
        {
            if (domain is not null)
                Remove(domain);
        }

        _states.Removed(id);
        if (_options.ConsoleLogFolder is { } folder && Directory.Exists(folder))
        {
            // With the older ones that virtlogd rotated away.
            foreach (var log in Directory.EnumerateFiles(folder, Path.GetFileName(DomainXmlWriter.LogPath(folder, id)) + "*"))
                File.Delete(log);
        }
    }

    private static void Remove(Domain domain)
    {
        const DomainUndefineOptions everything =
            DomainUndefineOptions.ManagedSave | DomainUndefineOptions.SnapshotsMetadata | DomainUndefineOptions.Nvram | DomainUndefineOptions.CheckpointsMetadata;
        try
        {
            if (domain.GetState().State is not DomainState.ShutOff)
                IgnoreStopped(() => domain.Destroy());
            domain.Undefine(everything);
        }
        catch (LibvirtException e) when (e.Kind == LibvirtErrorKind.NotFound)
        {
            // A transient one is gone with its end; another may have been quicker.
        }
        catch (LibvirtException e)
        {
            throw HypervisorErrors.Translate(e, $"remove domain {domain.Name}", domain.Name);
        }
    }

    private bool ReadMetadata(Connection connection, IReadOnlyDictionary<Guid, int> unknown)
    {
        foreach (var domain in connection.ListDomains())
        {
            using (domain)
            {
                if (!unknown.TryGetValue(domain.Uuid, out var definition))
                    continue;
                try
                {
                    _states.SetMetadata(domain.Uuid, definition, RametMetadata.ReadFragment(domain.GetMetadata(RametMetadata.Namespace)));
                }
                catch (LibvirtException e) when (e.Kind == LibvirtErrorKind.NotFound)
                {
                    // Gone since the listing.
                }
            }
        }

        return true;
    }

    /// <summary>Ends a domain; one that is off already is what was wanted.</summary>
    private static void IgnoreStopped(Action action)
    {
        try
        {
            action();
        }
        catch (LibvirtException e) when (e.Kind == LibvirtErrorKind.InvalidState)
        {
        }
    }
}
