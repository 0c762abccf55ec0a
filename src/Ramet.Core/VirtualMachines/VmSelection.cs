using Ramet.Core.Errors;
using Ramet.Core.Lineage;
using Ramet.Core.Snapshots;

namespace Ramet.Core.VirtualMachines;

/// <summary>Which VMs a call is about: names, patterns with * and ?, all clones of a snapshot or VM. The parts add up.</summary>
public sealed record VmSelection(IReadOnlyList<string>? Names = null, string? AllClonesOf = null)
{
    /// <summary>The VMs meant, each once, by name.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/> for a name that nobody has or a pattern that nobody
    /// matches; <see cref="ErrorKind.InvalidArgument"/> for an empty selection.</exception>
    public IReadOnlyList<VirtualMachine> Resolve(LineageGraph graph)
    {
        if (Names is not { Count: > 0 } && AllClonesOf is null)
            throw new RametException(ErrorKind.InvalidArgument, "no VM is named", "name VMs, patterns like 'seat-*', or --all-clones-of SNAPSHOT");

        var found = new Dictionary<Guid, VirtualMachine>();
        foreach (var name in Names ?? [])
        {
            var pattern = VmName.IsPattern(name) ? VmName.ToRegex(name) : null;
            var matches = graph.Vms.Values.Where(v => pattern?.IsMatch(v.Name) ?? v.Name == name).ToList();
            if (matches.Count == 0)
                throw pattern is null ? NoSuch(name) : new RametException(ErrorKind.NotFound, $"no VM's name matches '{name}'", "'ramet list' shows them", name);
            foreach (var match in matches)
                found[match.Id] = match;
        }

        if (AllClonesOf is not null)
        {
            foreach (var snapshot in SnapshotsMeant(graph, AllClonesOf))
            {
                foreach (var clone in graph.ClonesOf(snapshot.Id))
                    found[clone.Id] = clone;
            }

            if (found.Count == 0)
                throw new RametException(ErrorKind.NotFound, $"'{AllClonesOf}' has no linked clones", "'ramet tree' shows who was cloned from what", AllClonesOf);
        }

        return [.. found.Values.OrderBy(v => v.Name, StringComparer.Ordinal)];
    }

    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>.</exception>
    public static VirtualMachine Find(LineageGraph graph, string name) =>
        graph.Vms.Values.FirstOrDefault(v => v.Name == name) ?? throw NoSuch(name);

    /// <summary>The snapshot that "debian12@v1" means.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.NotFound"/>.</exception>
    public static Snapshot FindSnapshot(LineageGraph graph, string vm, string snapshot)
    {
        var owner = Find(graph, vm);
        var known = graph.SnapshotsOf(owner.Id).ToList();
        return known.FirstOrDefault(s => s.Name == snapshot)
            ?? throw new RametException(ErrorKind.NotFound, $"'{vm}' has no snapshot '{snapshot}'",
                known.Count == 0 ? $"make one with 'ramet snapshot create {vm} {snapshot}'" : $"it has: {string.Join(", ", known.Select(s => s.Name))}", $"{vm}@{snapshot}");
    }

    internal static void MustBeReady(VirtualMachine vm)
    {
        if (vm.Lifecycle != VmLifecycle.Ready)
        {
            throw new RametException(ErrorKind.Busy, $"'{vm.Name}' is {(vm.Lifecycle == VmLifecycle.Creating ? "still being made" : "being deleted")}",
                "'ramet operation list' shows by what", vm.Name);
        }
    }

    private static IEnumerable<Snapshot> SnapshotsMeant(LineageGraph graph, string source)
    {
        var at = source.IndexOf('@');
        return at < 0 ? graph.SnapshotsOf(Find(graph, source).Id) : [FindSnapshot(graph, source[..at], source[(at + 1)..])];
    }

    internal static RametException NoSuch(string name) =>
        new(ErrorKind.NotFound, $"there is no VM '{name}'", "'ramet list' shows them", name);
}
