using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ramet.Core.Operations;

namespace Ramet.Catalog.Configuration;

internal sealed class OperationConfiguration : IEntityTypeConfiguration<Operation>
{
    public void Configure(EntityTypeBuilder<Operation> builder)
    {
        builder.ToTable("operations");
        builder.Property(o => o.Id).ValueGeneratedNever();
        builder.HasIndex(o => o.State);
        builder.HasIndex(o => o.CreatedAt);
        builder.HasMany(o => o.Steps).WithOne().HasForeignKey(s => s.OperationId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class OperationStepConfiguration : IEntityTypeConfiguration<OperationStep>
{
    public void Configure(EntityTypeBuilder<OperationStep> builder)
    {
        builder.ToTable("operation_steps");
        builder.HasKey(s => new { s.OperationId, s.Index });
    }
}
