using System.Globalization;
using System.Text;
using Ramet.Core.Errors;
using Ramet.Server.Options;

namespace Ramet.Server.Hosting;

/// <summary>
/// The folder that keeps everything, held by one server at a time. Others may pass through it (0711), because QEMU runs as
/// a user of its own and has to reach the datastores below; what is secret in it is closed by itself.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode PrivateDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private StateFolder(FileStream @lock) => _lock = @lock;

    /// <summary>Makes the folder where it is missing and takes it.</summary>
    /// <exception cref="RametException"><see cref="ErrorKind.Busy"/> when another server has it, <see cref="ErrorKind.InputOutput"/>.</exception>
    public static StateFolder Take(ServerOptions options)
    {
        try
        {
            Prepare(options.State);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RametException(
                ErrorKind.InputOutput, $"the state folder cannot be used: {e.Message}", "run as root, or name another folder with --state", options.State, inner: e);
        }

        var path = Path.Combine(options.State, "server.lock");
        FileStream file;
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB): the kernel lets go of it however the process ends.
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = PrivateFile,
            });
        }
        catch (IOException e)
        {
            throw new RametException(
                ErrorKind.Busy, $"another ramet-server has the state folder {options.State}: {Holder(path)}",
                "stop that one, or name another folder with --state", options.State, inner: e);
        }

        // Who has it stands beside the lock: what is locked like this cannot even be read by others.
        File.WriteAllText(HolderPath(path), string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId}, socket {options.Socket}\n"));
        return new StateFolder(file);
    }

    /// <summary>A folder that is there already keeps its mode: it may be one that somebody named by mistake.</summary>
    private static void Prepare(string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            // Not by the creation itself: that heeds the umask, which may keep QEMU out.
            File.SetUnixFileMode(path, Passable);
        }
        else if ((File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            throw new RametException(
                ErrorKind.PermissionDenied, $"the state folder {path} can be written to by others",
                $"'chmod go-w {path}', if it is the right folder; else name another with --state", path);
        }
    }

    /// <summary>A folder that only its owner may enter.</summary>
    public static void CreatePrivate(string path)
    {
        Directory.CreateDirectory(path, PrivateDirectory);
        File.SetUnixFileMode(path, PrivateDirectory);
    }

    /// <summary>Writes a file that only its owner may read; whole or not at all, whenever the power fails.</summary>
    public static void WritePrivate(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = PrivateFile,
        }))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    private static string HolderPath(string @lock) => Path.ChangeExtension(@lock, ".pid");

    private static string Holder(string @lock)
    {
        try
        {
            return File.ReadAllText(HolderPath(@lock)).Trim() is { Length: > 0 } line ? line : "it has only just started";
        }
        catch (IOException)
        {
            return "it has only just started";
        }
    }
}
