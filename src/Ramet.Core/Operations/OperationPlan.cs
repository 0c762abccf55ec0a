namespace Ramet.Core.Operations;

/// <summary>
/// What an operation is going to do: stages of steps. It is written to the journal in the same transaction as the records
/// that planning made, so that a crash at any later instant finds both or neither.
/// </summary>
public sealed class OperationPlan(string kind, string title)
{
    private readonly List<OperationStep> _steps = [];
    private readonly HashSet<string> _claims = [];
    private readonly List<string> _result = [];
    private readonly List<string> _warnings = [];
    private int _stage;

    public string Kind { get; } = kind;

    public string Title { get; } = title;

    public IReadOnlyList<OperationStep> Steps => _steps;

    public IReadOnlyCollection<string> Claims => _claims;

    public IReadOnlyList<string> Result => _result;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Begins a stage: what comes before is committed and stays, whatever happens to what follows.</summary>
    public OperationPlan Stage()
    {
        if (_steps.Count > 0)
            _stage++;
        return this;
    }

    public OperationPlan Step<T>(string stepKind, string title, T arguments, StepRole role = StepRole.Normal)
    {
        _steps.Add(new OperationStep
        {
            Index = _steps.Count,
            Stage = _stage,
            Kind = stepKind,
            Title = title,
            Role = role,
            Arguments = StepArguments.Format(arguments),
        });
        return this;
    }

    /// <summary>A VM that no other operation may touch meanwhile.</summary>
    public OperationPlan Claim(Guid vmId)
    {
        _claims.Add($"vm:{vmId:N}");
        return this;
    }

    /// <summary>Name of an object that the operation makes or changes.</summary>
    public OperationPlan Names(params IEnumerable<string> names)
    {
        _result.AddRange(names);
        return this;
    }

    public OperationPlan Warn(string warning)
    {
        if (!_warnings.Contains(warning))
            _warnings.Add(warning);
        return this;
    }

    internal Operation ToOperation(Guid id, string actor, DateTimeOffset at)
    {
        var operation = new Operation
        {
            Id = id,
            Kind = Kind,
            Title = Title,
            Actor = actor,
            CreatedAt = at,
            State = OperationState.Pending,
            Claims = string.Join('\n', _claims),
            Result = _result.Count == 0 ? null : string.Join('\n', _result),
            Warnings = _warnings.Count == 0 ? null : string.Join('\n', _warnings),
        };
        foreach (var step in _steps)
        {
            operation.Steps.Add(new OperationStep
            {
                OperationId = id,
                Index = step.Index,
                Stage = step.Stage,
                Kind = step.Kind,
                Title = step.Title,
                Role = step.Role,
                Arguments = step.Arguments,
            });
        }

        return operation;
    }
}
