using Ramet.Core.Doctor;
using Ramet.Core.Operations;

namespace Ramet.Server.Mapping;

internal static class DoctorMapper
{
    public static Contracts.DoctorReport Map(DoctorReport report) => new(
        report.Healthy,
        [.. report.Findings.Select(f => new Contracts.Finding(OperationCopy.Word(f.Severity), f.Code, f.Object, f.Message, f.Remedy))],
        [.. report.Checks.Select(c => new Contracts.Check(c.Name, c.Ok, c.Detail))]);
}
