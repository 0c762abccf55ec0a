namespace Ramet.Client.Transport;

/// <summary>
/// Keeps trying while a server is away: says once that it is, waits a little longer each time (a quarter of a second up to
/// two), and gives up when patience ends.
/// </summary>
/// <param name="connected">False: the server has yet to be seen, and an error of the first try is final.</param>
internal sealed class Absence(TimeProvider time, TimeSpan patience, Action<RametApiException?>? away, bool connected)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private long? _since;
    private TimeSpan _pause;

    /// <exception cref="RametApiException"><paramref name="reason"/>, when there is no more point in waiting.</exception>
    public async Task WaitAsync(RametApiException reason, CancellationToken cancellationToken)
    {
        if (!connected)
            throw reason;
        if (_since is null)
        {
            _since = time.GetTimestamp();
            _pause = FirstPause;
            away?.Invoke(reason);
        }
        else if (time.GetElapsedTime(_since.Value) > patience)
        {
            throw reason;
        }

        await Task.Delay(_pause, time, cancellationToken);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>The server answered.</summary>
    public void Over()
    {
        connected = true;
        if (_since is null)
            return;
        _since = null;
        away?.Invoke(null);
    }
}
