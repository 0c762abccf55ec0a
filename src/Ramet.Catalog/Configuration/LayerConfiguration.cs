using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ramet.Core.Datastores;
using Ramet.Core.Layers;

namespace Ramet.Catalog.Configuration;

/// <summary>
/// All references to what must stay are <see cref="DeleteBehavior.ClientNoAction"/>: the database refuses. With Restrict, EF
/// would first set the references of tracked dependents to null, and so delete what a clone stands on.
/// </summary>
internal sealed class LayerConfiguration : IEntityTypeConfiguration<Layer>
{
    public void Configure(EntityTypeBuilder<Layer> builder)
    {
        builder.ToTable("layers");
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.HasIndex(l => l.Path).IsUnique();
        builder.HasOne<Datastore>().WithMany().HasForeignKey(l => l.DatastoreId).OnDelete(DeleteBehavior.ClientNoAction);
        builder.HasOne<Layer>().WithMany().HasForeignKey(l => l.BackingLayerId).OnDelete(DeleteBehavior.ClientNoAction);
    }
}
