using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Ramet.Catalog.Databases;
using Ramet.Core.Errors;

namespace Ramet.Catalog;

/// <summary>The one place that turns database errors into Ramet's.</summary>
internal static class CatalogErrors
{
    /// <summary>What a refusal of each unique index means; {0} is the value of its last column.</summary>
    private static readonly Dictionary<string, string> Taken = new()
    {
        ["ux_hosts_name"] = "there is a host named '{0}' already",
        ["ux_datastores_name"] = "there is a datastore named '{0}' already",
        ["ux_layers_path"] = "the file '{0}' is a layer already",
        ["ux_virtual_machines_name"] = "there is a VM named '{0}' already",
        ["ux_vm_disks_layer_id"] = "the layer {0} is another disk's active layer",
        ["ux_vm_nics_mac"] = "the MAC address '{0}' is in use by another VM",
        ["ux_snapshots_vm_id_name"] = "the VM has a snapshot named '{0}' already",
        ["ux_api_tokens_name"] = "there is a token named '{0}' already",
        ["ux_api_tokens_hash"] = "this very token exists already",
    };

    /// <summary>Null when the exception has nothing to do with the database.</summary>
    public static RametException? Translate(Exception exception, CatalogDatabase database)
    {
        if (exception is DbUpdateConcurrencyException stale)
            return new RametException(ErrorKind.NotFound, $"{Describe(stale.Entries)} is no longer in the catalog", "Look again: another operation removed it.", inner: stale);

        DbUpdateException? update = null;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            update ??= cause as DbUpdateException;
            if (cause is DbException failure)
                return Translate(database.Classify(failure), update?.Entries ?? [], failure, database.Name);
        }

        return null;
    }

    private static RametException Translate(DatabaseFault fault, IReadOnlyList<EntityEntry> entries, DbException failure, string catalog) => fault.Kind switch
    {
        FaultKind.Unique => AlreadyExists(fault, entries, failure),
        FaultKind.ForeignKey => BrokenReference(fault, entries, failure),
        FaultKind.Full => new(
            ErrorKind.NoSpace, $"the catalog {catalog} could not be written: no space left", "Make room on its file system; nothing was changed.", catalog, inner: failure),
        FaultKind.Corrupt => new(
            ErrorKind.InputOutput, $"the catalog {catalog} is damaged: {failure.Message}",
            "Stop the server and restore the catalog from a backup, or move it away and let it be made anew from the datastores.", catalog, inner: failure),
        FaultKind.Busy => new(
            ErrorKind.Busy, $"the catalog {catalog} is locked by another process", "Find who holds it open, and try again.", catalog, inner: failure),
        FaultKind.Unreachable => new(
            ErrorKind.InputOutput, $"the catalog {catalog} cannot be opened: {failure.Message}", "Check that it is there and that the server may use it.", catalog, inner: failure),
        _ => new(ErrorKind.InputOutput, $"the catalog {catalog} failed: {failure.Message}", @object: catalog, inner: failure),
    };

    private static RametException AlreadyExists(DatabaseFault fault, IReadOnlyList<EntityEntry> entries, DbException failure)
    {
        foreach (var entry in entries)
        {
            if (entry.Metadata.GetIndexes().FirstOrDefault(i => i.GetDatabaseName() == fault.Index) is not { } unique)
                continue;

            var value = fault.Value ?? entry.Property(unique.Properties[^1].Name).CurrentValue?.ToString();
            return new RametException(ErrorKind.AlreadyExists, string.Format(null, Taken[fault.Index!], value), "Choose another.", value, inner: failure);
        }

        return new RametException(ErrorKind.AlreadyExists, $"{Describe(Culprits(fault, entries))} is in the catalog already", inner: failure);
    }

    /// <summary>Either what is removed is needed, or what is written needs something that is gone; all references are to "id".</summary>
    private static RametException BrokenReference(DatabaseFault fault, IReadOnlyList<EntityEntry> entries, DbException failure)
    {
        var culprits = Culprits(fault, entries);
        return fault.Column == "id" || (fault.Column is null && culprits.Any(e => e.State == EntityState.Deleted))
            ? new(ErrorKind.HasDependents, $"{Describe(culprits)} cannot be removed from the catalog: something depends on it", inner: failure)
            : new(ErrorKind.NotFound, $"{Describe(culprits)} refers to something that is no longer in the catalog", "Look again: another operation removed it.", inner: failure);
    }

    /// <summary>The rows that the database complains of, of a batch that failed as a whole.</summary>
    private static IReadOnlyList<EntityEntry> Culprits(DatabaseFault fault, IReadOnlyList<EntityEntry> entries) => fault.Column is null ? entries :
        [.. entries.Where(e => e.Properties.Any(p => p.Metadata.GetColumnName() == fault.Column && p.CurrentValue?.ToString() == fault.Value))];

    private static string Describe(IReadOnlyList<EntityEntry> entries)
    {
        if (entries is not [var entry, ..])
            return "an entry";

        var name = entry.Properties.FirstOrDefault(p => p.Metadata.Name == "Name") ?? entry.Property(entry.Metadata.FindPrimaryKey()!.Properties[^1].Name);
        return $"the {entry.Metadata.ClrType.Name} {name.CurrentValue}";
    }
}
