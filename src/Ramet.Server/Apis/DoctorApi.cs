using System.ComponentModel;
using Ramet.Contracts;
using Ramet.Core.Doctor;
using Ramet.Server.Mapping;

namespace Ramet.Server.Apis;

internal static class DoctorApi
{
    public static void MapDoctorApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Doctor, ExamineAsync)
            .WithName("Examine").WithTags("Server").WithSummary("Compare the catalog with libvirt and the files, and look at the environment")
            .WithDescription("Changes nothing. Each finding names its remedy.");

    private static async Task<Contracts.DoctorReport> ExamineAsync(
        DoctorService doctor,
        [Description("Compare the digests of all sealed layers too, which reads every one of them.")] bool? verify,
        CancellationToken cancellationToken) =>
        DoctorMapper.Map(await doctor.ExamineAsync(verify ?? false, cancellationToken));
}
