using System.Net;

namespace Ramet.Server.Security;

/// <summary>
/// Counts wrong tokens per address. A token has 256 random bits, so that this is no defence against guessing: it keeps a
/// client with a stale token from filling the log. For the same reason a right token is let in from a throttled address
/// too: on loopback everybody has the same one, and nobody is to lock the others out.
/// </summary>
internal sealed class FailureThrottle(TimeProvider time)
{
    public const int Allowed = 10;
    private const int Remembered = 1024;

    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Window> _windows = [];

    /// <summary>Notes a failure; false when the address has had too many in the running period.</summary>
    public bool Note(IPAddress address)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (!_windows.TryGetValue(address, out var window) || time.GetElapsedTime(window.Began, now) >= Period)
            {
                if (!_windows.ContainsKey(address) && _windows.Count >= Remembered)
                    _windows.Remove(_windows.MinBy(w => w.Value.Began).Key);
                window = new Window(now, 0);
            }

            _windows[address] = window with { Failures = window.Failures + 1 };
            return window.Failures < Allowed;
        }
    }

    private readonly record struct Window(long Began, int Failures);
}
