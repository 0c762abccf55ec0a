using Ramet.Core.Errors;
using Ramet.Core.Hosts;

namespace Ramet.Testing.Hosts;

/// <summary>What the calls do to the domains, under the lock, and what libvirt and QEMU would refuse.</summary>
public sealed partial class FakeHypervisor
{
    private async Task CallAsync(string method, Guid? id, string? name, Action effect, CancellationToken cancellationToken)
    {
        FakeCall call;
        lock (_lock)
        {
            call = new(method, name ?? (id is { } key && _domains.TryGetValue(key, out var known) ? known.Name : null), id);
            _calls.Add(call);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (Before is { } before)
            await before(call, cancellationToken);
        lock (_lock)
        {
            if (!_connected)
            {
                throw new RametException(
                    ErrorKind.HostUnavailable, $"libvirt cannot be reached: {_down ?? "not connected"}", "Start libvirtd; Ramet reconnects by itself");
            }

            effect();
        }

        if (After is { } after)
            await after(call, cancellationToken);
    }

    private void Connect()
    {
        if (_connected)
            return;
        _connected = true;
        Publish(new(HypervisorEventKind.Connected, null, null, PowerState.Unknown, null));
    }

    private void Define(DomainDefinition definition)
    {
        if (_domains.Values.FirstOrDefault(d => d.Name == definition.Name && d.Id != definition.Id) is { } taken)
        {
            throw new RametException(
                ErrorKind.HypervisorFailure,
                $"libvirt did not define '{definition.Name}': operation failed: domain '{taken.Name}' already exists with uuid {taken.Id}",
                @object: definition.Name);
        }

        if (_domains.TryGetValue(definition.Id, out var domain))
        {
            domain.Definition = definition;
            domain.RametVmId = definition.Id;
        }
        else
        {
            domain = new FakeDomain(definition, definition.Id);
            _domains.Add(domain.Id, domain);
        }

        Publish(new(HypervisorEventKind.Defined, domain.Id, domain.Name, domain.State, null));
    }

    private void Remove(Guid id)
    {
        if (!_domains.TryGetValue(id, out var domain))
            return;
        SetState(domain, PowerState.Stopped, "destroyed");
        _domains.Remove(id);
        Publish(new(HypervisorEventKind.Undefined, id, domain.Name, PowerState.Unknown, null));
    }

    private void Boot(FakeDomain domain)
    {
        if (domain.IsActive)
            return;
        foreach (var disk in domain.Definition.Disks)
        {
            foreach (var layer in disk.Chain)
            {
                if (FileExists?.Invoke(layer.Path) == false)
                    throw Refused(domain, "start it", $"Could not open '{layer.Path}': No such file or directory");
            }

            CheckLocks(domain, disk);
        }

        domain.LiveDisks = domain.Definition.Disks;
        domain.Boots++;
        SetState(domain, PowerState.Running, "booted");
        if (domain.HasAgent)
            Publish(new(HypervisorEventKind.AgentConnected, domain.Id, domain.Name, domain.State, null));
    }

    /// <summary>QEMU's image locks: one writer a file, no writer under a reader.</summary>
    private void CheckLocks(FakeDomain starting, DomainDisk disk)
    {
        foreach (var other in _domains.Values.Where(d => d.IsActive && d != starting).SelectMany(d => d.CurrentDisks))
        {
            if (other.Chain.Any(l => l.Path == disk.Chain[0].Path))
                throw Refused(starting, "start it", $"Failed to get \"write\" lock: is another process using the image [{disk.Chain[0].Path}]?");
            if (disk.Chain.Skip(1).FirstOrDefault(l => l.Path == other.Chain[0].Path) is { } written)
                throw Refused(starting, "start it", $"Failed to get shared \"write\" lock: is another process using the image [{written.Path}]?");
        }
    }

    private static void Switch(FakeDomain domain, IReadOnlyList<DomainDisk> disks)
    {
        if (domain.LiveDisks is { } live)
        {
            foreach (var disk in disks)
            {
                var old = live.SingleOrDefault(d => d.Target == disk.Target);
                if (old is null || !disk.Chain.Skip(1).SequenceEqual(old.Chain))
                    throw Refused(domain, "switch its disks", $"the new chain of {disk.Target} is not the old one with one layer on top");
            }

            domain.LiveDisks = Replace(live, disks);
        }

        domain.Definition = domain.Definition with { Disks = Replace(domain.Definition.Disks, disks) };
    }

    private static IReadOnlyList<DomainDisk> Replace(IReadOnlyList<DomainDisk> disks, IReadOnlyList<DomainDisk> by) =>
        [.. disks.Select(d => by.SingleOrDefault(n => n.Target == d.Target) ?? d)];

    private void SetState(FakeDomain domain, PowerState state, string detail)
    {
        if (domain.State == state)
            return;
        domain.State = state;
        if (!domain.IsActive)
            domain.LiveDisks = null;
        else
            domain.LiveDisks ??= domain.Definition.Disks;
        Publish(new(HypervisorEventKind.StateChanged, domain.Id, domain.Name, state, detail));
    }

    private void Publish(HypervisorEvent happened)
    {
        foreach (var subscriber in _subscribers)
            subscriber.Writer.TryWrite(happened);
    }

    private FakeDomain? Find(string nameOrId) =>
        Guid.TryParse(nameOrId, out var id) && _domains.TryGetValue(id, out var byId)
            ? byId
            : _domains.Values.FirstOrDefault(d => d.Name == nameOrId);

    private FakeDomain Get(Guid id) => _domains.GetValueOrDefault(id) ?? throw NoDomain(id.ToString());

    private static RametException NoDomain(string nameOrId) =>
        new(ErrorKind.NotFound, $"libvirt has no domain '{nameOrId}'", @object: nameOrId);

    private static RametException Refused(FakeDomain domain, string what, string why) =>
        new(ErrorKind.HypervisorFailure, $"libvirt did not {what} ('{domain.Name}'): {why}", @object: domain.Name);
}
