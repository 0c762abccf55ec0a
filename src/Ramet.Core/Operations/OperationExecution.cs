using Microsoft.Extensions.Logging;
using Ramet.Core.Catalog;
using Ramet.Core.Errors;
using Ramet.Core.Events;

namespace Ramet.Core.Operations;

/// <summary>
/// Runs one operation's journal.
///
/// Steps run in order, stage after stage. A step is marked "done" in the same transaction as the catalog changes that it staged;
/// one that changes nothing in the catalog is not worth a sync to the disk before the pivot of its stage. So what a crash leaves
/// says which stage was under way, not how far it had come: every open step of it may have run. A stage is committed once its pivot is done (without a pivot: once all
/// its steps are). When a step fails, is cancelled, or is found half done after a crash:
///   - in a stage that is not committed, everything that is not committed is undone, last step first;
///   - in a committed stage there is no way back: the step is tried again, with growing pauses, until it succeeds;
///   - an independent step's failure is noted and the others go on.
/// Being stopped with the server is none of these: the journal stays as it is and the next start decides.
///
/// Everything here is written by one flow, but for progress and for independent steps, which run side by side:
/// <see cref="_lock"/> guards the fields of <see cref="_operation"/>, <see cref="_saving"/> the order of saves.
/// Lock order: _saving, then _lock.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Neither has a timer or a wait handle; cancel may come after the end.")]
internal sealed class OperationExecution(
    Operation operation, ICatalog catalog, IReadOnlyDictionary<string, IStep> kinds, EventBus events, TimeProvider time, ILogger logger)
{
    private const int Parallelism = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly Operation _operation = operation;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _saving = new(1, 1);
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastProgress;

    /// <summary>Whether this process works on it, or only knows of it.</summary>
    public bool Begun { get; set; }

    /// <summary>Completes when nothing more will happen to the operation in this process and its claims are free.</summary>
    public Task Finished => _finished.Task;

    /// <summary>The runner says so once the claims are free: who waits for the end may begin the next operation.</summary>
    public void SignalFinished() => _finished.TrySetResult();

    /// <summary>A copy of the operation as it is just now, steps included.</summary>
    public Operation Current()
    {
        lock (_lock)
            return OperationCopy.Of(_operation);
    }

    public void Cancel()
    {
        lock (_lock)
            _operation.CancelRequested = true;
        _cancel.Cancel();
    }

    /// <summary>Runs a new operation, or what a crash left of one.</summary>
    /// <param name="stopping">The server stops.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (_operation.State == OperationState.Pending)
                _operation.State = OperationState.Running;
            await GoOnAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The journal says where it stands.
        }
        catch (Exception e)
        {
            OperationLog.Broken(logger, e, _operation.Id);
        }
    }

    /// <summary>Brings what an earlier process left to an end: forward where it is committed, else back.</summary>
    public async Task RecoverAsync(CancellationToken stopping)
    {
        OperationLog.Recovering(logger, _operation.Id, _operation.State, _operation.Title);
        var open = _operation.Steps.Where(s => s.State is StepState.Pending or StepState.Running).Select(s => s.Stage).DefaultIfEmpty(-1).Min();
        foreach (var step in _operation.Steps.Where(s => s.Stage == open && s.State == StepState.Pending))
            step.State = StepState.Running;
        try
        {
            if (_operation.State == OperationState.RollingBack || !await CanGoForwardAsync(stopping))
            {
                await UndoAsync(new RametException(ErrorKind.Interrupted, "the server stopped in the middle; what had been done was rolled back", "start it again"), stopping);
                return;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            OperationLog.Broken(logger, e, _operation.Id);
            return;
        }

        await RunAsync(stopping);
    }

    private async Task GoOnAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, _cancel.Token);
        foreach (var stage in _operation.Steps.OrderBy(s => s.Index).GroupBy(s => s.Stage))
        {
            foreach (var run in Runs(stage))
            {
                try
                {
                    if (run[0].Role == StepRole.Independent)
                        await DoIndependentAsync(run, either.Token);
                    else
                        await DoInOrderAsync(run[0], IsCommitted(stage) ? stopping : either.Token);
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    if (e is not OperationCanceledException)
                        OperationLog.StepFailed(logger, e, _operation.Id, run[0].Index, run[0].Kind);
                    if (!await IsCommittedAsync(stage, stopping))
                    {
                        await UndoAsync(e, stopping);
                        return;
                    }

                    await RepeatAsync(run[0], e, stopping);
                }
            }
        }

        await FinishAsync(stopping);
    }

    /// <summary>Neighbouring independent steps together, every other step alone.</summary>
    private static IEnumerable<List<OperationStep>> Runs(IEnumerable<OperationStep> stage)
    {
        List<OperationStep> run = [];
        foreach (var step in stage.Where(s => s.State is not (StepState.Done or StepState.Failed)))
        {
            if (run.Count > 0 && (step.Role != StepRole.Independent || run[0].Role != StepRole.Independent))
            {
                yield return run;
                run = [];
            }

            run.Add(step);
        }

        if (run.Count > 0)
            yield return run;
    }

    private async Task DoInOrderAsync(OperationStep step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Mark(step, StepState.Running);
        var kind = kinds[step.Kind];
        await using var session = catalog.Open();
        await kind.DoAsync(ContextOf(step, session), cancellationToken);
        if (kind.ChangesCatalog || step.Role != StepRole.Normal || IsCommitted(_operation.Steps.Where(s => s.Stage == step.Stage)))
            await SaveStepAsync(step, StepState.Done, CancellationToken.None, session);
        else
            Mark(step, StepState.Done);
    }

    private Task DoIndependentAsync(List<OperationStep> steps, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(steps, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (step, cancelled) =>
        {
            try
            {
                await DoInOrderAsync(step, cancelled);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                OperationLog.StepFailed(logger, e, _operation.Id, step.Index, step.Kind);
                lock (_lock)
                {
                    _operation.ErrorKind ??= (e as RametException)?.Kind ?? ErrorKind.Internal;
                    _operation.ErrorRemedy ??= (e as RametException)?.Remedy;
                }

                await SaveStepAsync(step, StepState.Failed, CancellationToken.None, error: Describe(e));
            }
        });

    /// <summary>Tries a step of a committed stage until it succeeds.</summary>
    private async Task RepeatAsync(OperationStep step, Exception cause, CancellationToken stopping)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await SaveStepAsync(step, StepState.Running, stopping, error: Describe(cause));
            await Task.Delay(pause, time, stopping);
            try
            {
                await DoInOrderAsync(step, stopping);
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                OperationLog.StepFailed(logger, e, _operation.Id, step.Index, step.Kind);
                cause = e;
            }
        }
    }

    /// <summary>Takes back everything that is not committed, last step first, and ends the operation with <paramref name="cause"/>.</summary>
    private async Task UndoAsync(Exception cause, CancellationToken stopping)
    {
        lock (_lock)
        {
            if (_operation.State != OperationState.RollingBack)
            {
                _operation.State = OperationState.RollingBack;
                SetError(cause);
            }
        }

        await SaveAsync(stopping);
        var first = _operation.Steps.Where(s => s.State is not (StepState.Done or StepState.Failed)).Select(s => s.Stage).DefaultIfEmpty(0).Min();
        foreach (var step in _operation.Steps.Where(s => s.Stage >= first).OrderByDescending(s => s.Index))
        {
            var kind = kinds[step.Kind];
            if (step.State is StepState.Undone or StepState.Failed || (step.State == StepState.Pending && !kind.UndoesPlanning))
                continue;
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    await using var session = catalog.Open();
                    await kind.UndoAsync(ContextOf(step, session), stopping);
                    await SaveStepAsync(step, StepState.Undone, stopping, session);
                    break;
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    OperationLog.UndoFailed(logger, e, _operation.Id, step.Index, step.Kind);
                    await Task.Delay(pause, time, stopping);
                }
            }
        }

        await EndAsync(_operation.ErrorKind == ErrorKind.Cancelled ? OperationState.Cancelled : OperationState.Failed, stopping);
    }

    private async Task FinishAsync(CancellationToken stopping)
    {
        var failed = _operation.Steps.Where(s => s.State == StepState.Failed).ToList();
        if (failed.Count == 0)
        {
            await EndAsync(OperationState.Succeeded, stopping);
            return;
        }

        // With several independent steps each message names its object; the operation's own error sums them up.
        lock (_lock)
        {
            _operation.ErrorMessage = failed.Count == 1 ? failed[0].Error : $"{failed.Count} of {_operation.Steps.Count(s => s.Role == StepRole.Independent)} failed: " + string.Join("; ", failed.Take(5).Select(s => s.Error));
        }

        await EndAsync(OperationState.Failed, stopping);
    }

    private async Task EndAsync(OperationState state, CancellationToken stopping)
    {
        lock (_lock)
        {
            _operation.State = state;
            _operation.FinishedAt = time.GetUtcNow();
            if (state == OperationState.Succeeded)
                _operation.Progress = 1;
        }

        await SaveAsync(stopping);
        OperationLog.Ended(logger, _operation.Id, state, _operation.Title);
    }

    private static bool IsCommitted(IEnumerable<OperationStep> stage) =>
        stage.Any(s => s.Role == StepRole.Pivot && s.State == StepState.Done) || stage.All(s => s.Role == StepRole.Independent);

    /// <summary>As <see cref="IsCommitted"/>, but a pivot that failed or was interrupted is looked at: its effect may be there.</summary>
    private async Task<bool> IsCommittedAsync(IEnumerable<OperationStep> stage, CancellationToken stopping)
    {
        // Cancelled independent steps have nothing to finish: what is done is done, the rest is left out.
        if (stage.All(s => s.Role == StepRole.Independent))
            return false;
        if (IsCommitted(stage))
            return true;
        var pivot = stage.FirstOrDefault(s => s.Role == StepRole.Pivot && s.State == StepState.Running);
        if (pivot is null)
            return false;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await using var session = catalog.Open();
                return await kinds[pivot.Kind].IsDoneAsync(ContextOf(pivot, session), stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // It cannot be seen just now (libvirt is down): neither way is safe yet.
                OperationLog.StepFailed(logger, e, _operation.Id, pivot.Index, pivot.Kind);
                await Task.Delay(pause, time, stopping);
            }
        }
    }

    private async Task<bool> CanGoForwardAsync(CancellationToken stopping)
    {
        var open = _operation.Steps.OrderBy(s => s.Index).FirstOrDefault(s => s.State is not (StepState.Done or StepState.Failed));
        if (open is null)
            return true;
        var stage = _operation.Steps.Where(s => s.Stage == open.Stage).ToList();
        return stage.All(s => s.Role == StepRole.Independent) ? !_operation.CancelRequested : await IsCommittedAsync(stage, stopping);
    }

    private StepContext ContextOf(OperationStep step, ICatalogSession session) => new(
        _operation.Id, step.Arguments, session,
        (progress, done, total) => Report(step, progress, done, total),
        text =>
        {
            lock (_lock)
            {
                var known = _operation.Warnings?.Split('\n') ?? [];
                if (!known.Contains(text))
                    _operation.Warnings = string.Join('\n', [.. known, text]);
            }
        });

    private void Report(OperationStep step, double progress, long done, long total)
    {
        lock (_lock)
        {
            step.Progress = Math.Clamp(progress, 0, 1);
            if (total > 0)
                (_operation.BytesDone, _operation.BytesTotal) = (done, total);
            _operation.Progress = Overall();
            if (time.GetElapsedTime(_lastProgress) < ProgressInterval && _lastProgress != 0)
                return;
            _lastProgress = time.GetTimestamp();
        }

        PublishProgress(step);
    }

    private void PublishProgress(OperationStep step) => events.Publish("operation.progress", _operation.Id.ToString(),
        ("state", OperationCopy.Word(_operation.State)), ("progress", _operation.Progress.ToString("0.####")), ("step", step.Title),
        ("stepIndex", step.Index.ToString()), ("stepState", OperationCopy.Word(step.State)), ("stepProgress", step.Progress.ToString("0.####")),
        ("bytesDone", _operation.BytesDone.ToString()), ("bytesTotal", _operation.BytesTotal.ToString()), ("error", step.Error ?? ""));

    private double Overall()
    {
        double done = 0, all = 0;
        foreach (var step in _operation.Steps)
        {
            var weight = kinds[step.Kind].Weight;
            all += weight;
            done += weight * (step.State is StepState.Done or StepState.Failed ? 1 : step.Progress);
        }

        return all == 0 ? 0 : done / all;
    }

    private void Mark(OperationStep step, StepState state, string? error = null)
    {
        lock (_lock)
        {
            step.State = state;
            step.Error = error;
            if (state == StepState.Done)
                step.Progress = 1;
            _operation.Progress = Overall();
        }

        PublishProgress(step);
    }

    private async Task SaveStepAsync(OperationStep step, StepState state, CancellationToken cancellationToken, ICatalogSession? staged = null, string? error = null)
    {
        var (before, errorBefore) = (step.State, step.Error);
        Mark(step, state, error);
        try
        {
            await SaveAsync(cancellationToken, staged);
        }
        catch
        {
            lock (_lock)
                (step.State, step.Error) = (before, errorBefore);
            throw;
        }
    }

    /// <summary>Writes the operation and its steps as they are now, together with what a step has staged.</summary>
    private async Task SaveAsync(CancellationToken cancellationToken, ICatalogSession? staged = null)
    {
        await _saving.WaitAsync(cancellationToken);
        var own = staged is null ? catalog.Open() : null;
        try
        {
            var session = staged ?? own!;
            var stored = await session.FirstOrDefaultAsync(session.Operations.Where(o => o.Id == _operation.Id), cancellationToken)
                ?? throw new RametException(ErrorKind.Internal, $"operation {_operation.Id} is no longer in the catalog");
            var storedSteps = await session.ListAsync(session.Steps.Where(s => s.OperationId == _operation.Id), cancellationToken);
            lock (_lock)
            {
                OperationCopy.CopyTo(_operation, stored);
                foreach (var step in storedSteps)
                    (step.State, step.Progress, step.Error) = (_operation.Steps[step.Index].State, _operation.Steps[step.Index].Progress, _operation.Steps[step.Index].Error);
            }

            await session.SaveAsync(cancellationToken);
        }
        finally
        {
            if (own is not null)
                await own.DisposeAsync();
            _saving.Release();
        }
    }

    private void SetError(Exception e)
    {
        var known = e as RametException;
        _operation.ErrorKind = e is OperationCanceledException ? ErrorKind.Cancelled : known?.Kind ?? ErrorKind.Internal;
        _operation.ErrorMessage = e is OperationCanceledException ? "cancelled; what had been done was rolled back" : Describe(e);
        _operation.ErrorRemedy = known?.Remedy ?? (known is null && e is not OperationCanceledException ? "this is a defect of Ramet: the server's log has the details" : null);
    }

    private static string Describe(Exception e) => e is RametException or OperationCanceledException ? e.Message : $"{e.GetType().Name}: {e.Message}";
}
