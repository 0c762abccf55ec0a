using Ramet.Core.Errors;

namespace Ramet.Core.Operations;

/// <summary>Which operation works on which VM. In memory: the journal holds the claims of unfinished operations and they are taken again at start.</summary>
internal sealed class ClaimTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Guid Operation, string Title)> _held = [];

    /// <exception cref="RametException"><see cref="ErrorKind.Busy"/> when one of them is held; then none is taken.</exception>
    public void Take(IReadOnlyCollection<string> claims, Guid operation, string title)
    {
        lock (_lock)
        {
            foreach (var claim in claims)
            {
                if (_held.TryGetValue(claim, out var holder))
                {
                    throw new RametException(ErrorKind.Busy, $"another operation works on it: {holder.Title}",
                        $"wait for it with 'ramet operation wait {holder.Operation}', or cancel it with 'ramet operation cancel {holder.Operation}'",
                        holder.Operation.ToString());
                }
            }

            foreach (var claim in claims)
                _held[claim] = (operation, title);
        }
    }

    public void Release(Guid operation)
    {
        lock (_lock)
        {
            foreach (var claim in _held.Where(h => h.Value.Operation == operation).Select(h => h.Key).ToList())
                _held.Remove(claim);
        }
    }

    /// <summary>The operation that works on a VM; null for none.</summary>
    public Guid? HolderOf(Guid vmId)
    {
        lock (_lock)
            return _held.TryGetValue($"vm:{vmId:N}", out var holder) ? holder.Operation : null;
    }
}
