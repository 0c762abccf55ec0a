using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Catalog.Configuration;

internal sealed class VirtualMachineConfiguration : IEntityTypeConfiguration<VirtualMachine>
{
    public void Configure(EntityTypeBuilder<VirtualMachine> builder)
    {
        builder.ToTable("virtual_machines");
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.HasIndex(v => v.Name).IsUnique();
        builder.HasOne<Host>().WithMany().HasForeignKey(v => v.HostId).OnDelete(DeleteBehavior.ClientNoAction);
        builder.HasOne<Snapshot>().WithMany().HasForeignKey(v => v.OriginSnapshotId).OnDelete(DeleteBehavior.ClientNoAction);
        builder.HasMany(v => v.Disks).WithOne().HasForeignKey(d => d.VmId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(v => v.Nics).WithOne().HasForeignKey(n => n.VmId).OnDelete(DeleteBehavior.Cascade);
        builder.Navigation(v => v.Disks).AutoInclude();
        builder.Navigation(v => v.Nics).AutoInclude();
    }
}

internal sealed class VmDiskConfiguration : IEntityTypeConfiguration<VmDisk>
{
    public void Configure(EntityTypeBuilder<VmDisk> builder)
    {
        builder.ToTable("vm_disks");
        // Also the order in which they come.
        builder.HasKey(d => new { d.VmId, d.Target });
        // An active layer is written by exactly one VM.
        builder.HasIndex(d => d.LayerId).IsUnique();
        builder.HasOne<Layer>().WithMany().HasForeignKey(d => d.LayerId).OnDelete(DeleteBehavior.ClientNoAction);
    }
}

internal sealed class VmNicConfiguration : IEntityTypeConfiguration<VmNic>
{
    public void Configure(EntityTypeBuilder<VmNic> builder)
    {
        builder.ToTable("vm_nics");
        builder.HasKey(n => new { n.VmId, n.Index });
        builder.HasIndex(n => n.Mac).IsUnique();
    }
}
