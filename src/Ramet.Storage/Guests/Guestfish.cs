using System.Diagnostics;
using Ramet.Core.VirtualMachines;
using Ramet.Images;

namespace Ramet.Storage.Guests;

/// <summary>
/// Asks libguestfs, which opens the image in a small virtual machine of its own. Optional: without the program, or when it takes
/// too long or fails, nothing is known.
/// </summary>
internal static class Guestfish
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string[] Places = ["/usr/bin/guestfish", "/usr/local/bin/guestfish"];

    public static async Task<CloudInitSupport> LookAsync(ChainLayer top, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Places.FirstOrDefault(File.Exists) is not { } program)
            return CloudInitSupport.Unknown;

        var start = new ProcessStartInfo(program, ["--ro", $"--format={top.Format.Name()}", "-a", top.Path, "-i", "exists", "/usr/bin/cloud-init"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["LIBGUESTFS_BACKEND"] = "direct";
        // /dev/kvm may be there and not run guests; this is slower and always works.
        start.Environment["LIBGUESTFS_BACKEND_SETTINGS"] = "force_tcg";

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            var answer = (await process.StandardOutput.ReadToEndAsync(either.Token)).Trim();
            await errors;
            await process.WaitForExitAsync(either.Token);
            return (process.ExitCode, answer) switch
            {
                (0, "true") => CloudInitSupport.Yes,
                (0, "false") => CloudInitSupport.No,
                _ => CloudInitSupport.Unknown,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CloudInitSupport.Unknown;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
