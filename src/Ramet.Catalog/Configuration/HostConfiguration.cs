using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ramet.Core.Hosts;

namespace Ramet.Catalog.Configuration;

internal sealed class HostConfiguration : IEntityTypeConfiguration<Host>
{
    public void Configure(EntityTypeBuilder<Host> builder)
    {
        builder.ToTable("hosts");
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.HasIndex(h => h.Name).IsUnique();
    }
}
