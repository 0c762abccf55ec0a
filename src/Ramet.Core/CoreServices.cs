using Microsoft.Extensions.DependencyInjection;
using Ramet.Core.Datastores;
using Ramet.Core.Doctor;
using Ramet.Core.Events;
using Ramet.Core.Identity;
using Ramet.Core.Import;
using Ramet.Core.Layers;
using Ramet.Core.Layers.Steps;
using Ramet.Core.Lineage;
using Ramet.Core.LinkedClones;
using Ramet.Core.Operations;
using Ramet.Core.Snapshots;
using Ramet.Core.Snapshots.Steps;
using Ramet.Core.Usage;
using Ramet.Core.VirtualMachines;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core;

/// <summary>
/// Core's use cases and steps. The composition root adds what they need: <see cref="Catalog.ICatalog"/>,
/// <see cref="Hosts.IHypervisors"/>, <see cref="ILayerStore"/>, <see cref="DownloadFolder"/>, an HttpClient, a TimeProvider, logging.
/// </summary>
public static class CoreServices
{
    public static IServiceCollection AddRametCore(this IServiceCollection services) => services
        .AddSingleton<EventBus>()
        .AddSingleton<IdentityFactory>()
        .AddSingleton<SealGuard>()
        .AddSingleton<ImageDownload>()
        .AddSingleton<OperationRunner>()
        .AddSingleton<ImportService>()
        .AddSingleton<AdoptService>()
        .AddSingleton<SnapshotService>()
        .AddSingleton<CloneService>()
        .AddSingleton<PowerService>()
        .AddSingleton<RefreshService>()
        .AddSingleton<PromoteService>()
        .AddSingleton<DeleteService>()
        .AddSingleton<UsageService>()
        .AddSingleton<DatastoreService>()
        .AddSingleton<DoctorService>()
        .AddSingleton<IStep, KeepRecordsStep>()
        .AddSingleton<IStep, CreateOverlaysStep>()
        .AddSingleton<IStep, FlattenStep>()
        .AddSingleton<IStep, SealLayersStep>()
        .AddSingleton<IStep, DropLayersStep>()
        .AddSingleton<IStep, WriteSeedsStep>()
        .AddSingleton<IStep, DefineDomainsStep>()
        .AddSingleton<IStep, MakeReadyStep>()
        .AddSingleton<IStep, StartVmStep>()
        .AddSingleton<IStep, StopVmStep>()
        .AddSingleton<IStep, SwitchDisksStep>()
        .AddSingleton<IStep, RebuildVmStep>()
        .AddSingleton<IStep, PullDiskStep>()
        .AddSingleton<IStep, MarkDeletingStep>()
        .AddSingleton<IStep, RemoveDomainsStep>()
        .AddSingleton<IStep, DeleteVmsStep>()
        .AddSingleton<IStep, SnapshotReadyStep>()
        .AddSingleton<IStep, ImportStep>();
}
