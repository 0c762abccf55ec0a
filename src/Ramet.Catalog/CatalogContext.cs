using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Ramet.Catalog.Configuration;

namespace Ramet.Catalog;

/// <summary>
/// The model, the same on both databases but for how a moment is stored. The schema itself is made by the numbered SQL in
/// Migrations/; a test holds the two against each other.
/// </summary>
internal sealed class CatalogContext : DbContext
{
    public CatalogContext(DbContextOptions<CatalogContext> options)
        : base(options)
    {
        // The session looks for changes once, when it saves.
        ChangeTracker.AutoDetectChangesEnabled = false;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Both to the microsecond, so that what is read back does not depend on the database.
        if (Database.ProviderName == "Microsoft.EntityFrameworkCore.Sqlite")
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
        else
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // One by one: scanning the assembly costs more than it saves.
        modelBuilder.ApplyConfiguration(new HostConfiguration());
        modelBuilder.ApplyConfiguration(new DatastoreConfiguration());
        modelBuilder.ApplyConfiguration(new LayerConfiguration());
        modelBuilder.ApplyConfiguration(new VirtualMachineConfiguration());
        modelBuilder.ApplyConfiguration(new VmDiskConfiguration());
        modelBuilder.ApplyConfiguration(new VmNicConfiguration());
        modelBuilder.ApplyConfiguration(new SnapshotConfiguration());
        modelBuilder.ApplyConfiguration(new SnapshotDiskConfiguration());
        modelBuilder.ApplyConfiguration(new OperationConfiguration());
        modelBuilder.ApplyConfiguration(new OperationStepConfiguration());
        modelBuilder.ApplyConfiguration(new ApiTokenConfiguration());
        modelBuilder.ApplyConfiguration(new AuditEntryConfiguration());

        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
                property.SetColumnName(SnakeCase(property.Name));
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName(IndexName(entity, index));
        }
    }

    private static string IndexName(IReadOnlyEntityType entity, IReadOnlyIndex index) =>
        $"{(index.IsUnique ? "ux" : "ix")}_{entity.GetTableName()}_{string.Join('_', index.Properties.Select(p => SnakeCase(p.Name)))}";

    /// <summary>"VmId" → "vm_id"; a capital that ends the name is no word of its own: "MemoryMiB" → "memory_mib".</summary>
    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && i < name.Length - 1 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    /// <summary>SQLite has no type for moments: microseconds since 1970 UTC, which sort and compare as they should.</summary>
    private sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
        moment => (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        stored => new DateTimeOffset(stored * TimeSpan.TicksPerMicrosecond + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero));

    /// <summary>timestamptz holds microseconds; Npgsql writes only moments whose offset is zero.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
        moment => moment.ToUniversalTime(), stored => stored.ToUniversalTime());
}
