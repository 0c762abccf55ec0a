using System.CommandLine;
using Ramet.Cli.Hosting;
using Ramet.Cli.Views;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Cli.Commands;

/// <summary>ramet doctor</summary>
internal sealed class DoctorCommand : RametCommand
{
    private readonly Flag _verify = new("--verify") { Description = "Also read every sealed layer and compare its digest (minutes, not moments)" };

    public DoctorCommand(CliApplication application)
        : base(application, "doctor", "Check the environment and whether catalog, libvirt and files agree; exit code 1 when something is wrong.")
    {
        Add(_verify);
        Example("ramet doctor --verify");
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var report = await ExamineAsync(call, cancellationToken);
        call.Show(report, RametJson.Default.DoctorReport, r => Print(call, r));
        return report.Healthy ? ExitCodes.Success : ExitCodes.Failure;
    }

    /// <summary>What can be seen from here, and the server's own report; without a server, why there is none.</summary>
    private async Task<DoctorReport> ExamineAsync(Invocation call, CancellationToken cancellationToken)
    {
        var endpoint = call.Endpoint;
        try
        {
            var report = await call.Client.DoctorAsync(call.Get(_verify), cancellationToken);
            return report with { Checks = [new Check("server reachable", true, endpoint.Address), .. report.Checks] };
        }
        catch (RametApiException e) when (e.Problem.Status == 0 || e.Kind is RametApiException.ServerUnreachable or RametApiException.UnexpectedAnswer or "unauthenticated" or "permissionDenied")
        {
            var finding = new Finding("error", "server-" + Words(e.Kind), endpoint.Address, e.Problem.Title, e.Problem.Remedy ?? "");
            return new DoctorReport(false, [finding], [.. SocketChecks(endpoint), new Check("server reachable", false, e.Problem.Title)]);
        }
    }

    private static IEnumerable<Check> SocketChecks(RametEndpoint endpoint)
    {
        if (endpoint.Server is not null)
            yield break;
        var folder = Path.GetDirectoryName(Path.GetFullPath(endpoint.Socket)) ?? "/";
        yield return new Check("socket's folder", Directory.Exists(folder), folder);
        // A folder that we may not enter looks the same as an empty one.
        yield return new Check("socket", File.Exists(endpoint.Socket), endpoint.Socket);
    }

    private static string Words(string kind) => kind switch
    {
        RametApiException.ServerUnreachable => "unreachable",
        RametApiException.TlsFailure => "not-trusted",
        RametApiException.UnexpectedAnswer => "unexpected-answer",
        "permissionDenied" => "permission-denied",
        _ => "refuses",
    };

    private static void Print(Invocation call, DoctorReport report)
    {
        var screen = call.Screen;
        foreach (var check in report.Checks)
            screen.Writer.WriteLine($"{screen.Paint(check.Ok ? "ok  " : "FAIL", check.Ok ? Look.Good : Look.Bad)}  {Plain.Text(check.Name)}: {Plain.Text(check.Detail)}");
        foreach (var finding in report.Findings)
        {
            screen.Line("");
            screen.Writer.WriteLine($"{screen.Paint(finding.Severity + ":", Look.OfState(finding.Severity) ?? Look.Strong)} {Plain.Text(finding.Object)}: {Plain.Text(finding.Message)} ({Plain.Text(finding.Code)})");
            if (finding.Remedy.Length > 0)
                screen.Line("remedy:", Look.Good, finding.Remedy);
        }

        if (report.Checks.Count > 0 || report.Findings.Count > 0)
            screen.Line("");
        var summary = (report.Healthy, report.Findings.Count) switch
        {
            (true, 0) => "Nothing found: all is well.",
            (true, var n) => $"Healthy; {n} {(n == 1 ? "thing" : "things")} to know.",
            (false, var n) => $"Not healthy: {n} {(n == 1 ? "finding" : "findings")}.",
        };
        screen.Line(summary, report.Healthy ? Look.Good : Look.Bad);
    }
}
