using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ramet.Core.Layers;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Catalog.Configuration;

internal sealed class SnapshotConfiguration : IEntityTypeConfiguration<Snapshot>
{
    public void Configure(EntityTypeBuilder<Snapshot> builder)
    {
        builder.ToTable("snapshots");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasIndex(s => new { s.VmId, s.Name }).IsUnique();
        builder.HasOne<VirtualMachine>().WithMany().HasForeignKey(s => s.VmId).OnDelete(DeleteBehavior.ClientNoAction);
        builder.HasOne<Snapshot>().WithMany().HasForeignKey(s => s.ParentSnapshotId).OnDelete(DeleteBehavior.ClientNoAction);
        builder.HasMany(s => s.Disks).WithOne().HasForeignKey(d => d.SnapshotId).OnDelete(DeleteBehavior.Cascade);
        builder.Navigation(s => s.Disks).AutoInclude();
    }
}

internal sealed class SnapshotDiskConfiguration : IEntityTypeConfiguration<SnapshotDisk>
{
    public void Configure(EntityTypeBuilder<SnapshotDisk> builder)
    {
        builder.ToTable("snapshot_disks");
        builder.HasKey(d => new { d.SnapshotId, d.Target });
        builder.HasOne<Layer>().WithMany().HasForeignKey(d => d.LayerId).OnDelete(DeleteBehavior.ClientNoAction);
    }
}
