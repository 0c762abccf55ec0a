using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.VirtualMachines;

namespace Ramet.Catalog.Tests;

/// <summary>
/// Freezes the numbers that stand in catalogs out there. Adding a member at the end is fine (add it here too); changing a
/// number, or giving a freed one away again, makes old rows lie.
/// </summary>
public sealed class PersistedEnumTests
{
    [Theory]
    [InlineData(typeof(ImageFormat), "Raw=0 Qcow2=1")]
    [InlineData(typeof(LayerState), "Creating=0 Active=1 Sealed=2 Deleting=3 Sealing=4")]
    [InlineData(typeof(VmLifecycle), "Creating=0 Ready=1 Deleting=2")]
    [InlineData(typeof(Firmware), "Bios=0 Uefi=1")]
    [InlineData(typeof(CloudInitSupport), "Unknown=0 Yes=1 No=2")]
    [InlineData(typeof(SnapshotState), "Creating=0 Ready=1 Deleting=2")]
    [InlineData(typeof(OperationState), "Pending=0 Running=1 RollingBack=2 Succeeded=3 Failed=4 Cancelled=5")]
    [InlineData(typeof(StepState), "Pending=0 Running=1 Done=2 Undone=3 Failed=4")]
    [InlineData(typeof(StepRole), "Normal=0 Pivot=1 Independent=2")]
    [InlineData(typeof(ErrorKind),
        "Internal=0 InvalidArgument=1 NotFound=2 AlreadyExists=3 HasDependents=4 Busy=5 InvalidState=6 InvalidImage=7 ChecksumMismatch=8 " +
        "LayerChanged=9 NoSpace=10 HostUnavailable=11 HypervisorFailure=12 GuestAgentUnavailable=13 Unauthenticated=14 PermissionDenied=15 " +
        "Cancelled=16 Timeout=17 DownloadFailed=18 InputOutput=19 Interrupted=20 Unsupported=21")]
    public void Persisted_values_never_change(Type type, string frozen)
    {
        var values = Enum.GetValuesAsUnderlyingType(type).Cast<int>().Select(v => $"{Enum.GetName(type, v)}={v}");
        Assert.Equal(frozen, string.Join(' ', values));
    }

    [Fact]
    public void Every_enum_of_the_model_is_frozen_above()
    {
        using var context = new EfCatalog(new CatalogOptions { Path = "/nowhere/catalog.db" }, TimeProvider.System).OpenContext();
        var persisted = context.Model.GetEntityTypes().SelectMany(e => e.GetProperties())
            .Select(p => Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType).Where(t => t.IsEnum).Distinct();
        var frozen = typeof(PersistedEnumTests).GetMethod(nameof(Persisted_values_never_change))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>().Select(a => (Type)a.Data[0]!);
        Assert.Equal(persisted.Select(t => t.Name).Order(), frozen.Select(t => t.Name).Order());
    }
}
