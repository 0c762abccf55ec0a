namespace Ramet.Core.Doctor;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    Info = 0,
    Warning = 1,
    Error = 2,
}

/// <summary>Something that is not as it should be.</summary>
/// <param name="Code">Stable word, such as "unknown-file".</param>
/// <param name="Object">What it is about.</param>
/// <param name="Remedy">What to do.</param>
public sealed record Finding(Severity Severity, string Code, string Object, string Message, string Remedy);

/// <summary>Something that was looked at.</summary>
public sealed record Check(string Name, bool Ok, string Detail);

/// <summary>What the doctor saw.</summary>
public sealed record DoctorReport(IReadOnlyList<Check> Checks, IReadOnlyList<Finding> Findings)
{
    public bool Healthy => Findings.All(f => f.Severity != Severity.Error);
}

/// <summary>Collects checks and their findings.</summary>
internal sealed class Diagnosis
{
    private readonly List<Check> _checks = [];
    private readonly List<Finding> _findings = [];

    public void Find(Severity severity, string code, string @object, string message, string remedy) =>
        _findings.Add(new Finding(severity, code, @object, message, remedy));

    /// <summary>Notes a check; it is in order when nothing but information was found since the last one.</summary>
    public void Checked(string name, string detail)
    {
        _checks.Add(new Check(name, _findings.Skip(_counted).All(f => f.Severity == Severity.Info), detail));
        _counted = _findings.Count;
    }

    public DoctorReport Report() => new(_checks, [.. _findings.OrderByDescending(f => f.Severity)]);

    private int _counted;
}
