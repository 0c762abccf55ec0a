using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ramet.Core.Datastores;

namespace Ramet.Catalog.Configuration;

internal sealed class DatastoreConfiguration : IEntityTypeConfiguration<Datastore>
{
    public void Configure(EntityTypeBuilder<Datastore> builder)
    {
        builder.ToTable("datastores");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.HasIndex(d => d.Name).IsUnique();
    }
}
