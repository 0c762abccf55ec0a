using Ramet.Block;
using Ramet.Core.VirtualMachines;
using Ramet.Images;

namespace Ramet.Storage.Guests;

/// <summary>
/// Looks whether a guest's system has cloud-init: in ext file systems by itself, in a millisecond; in all others through
/// libguestfs where it is installed. The image is never mounted by the host's kernel.
/// </summary>
internal static class CloudInitProbe
{
    private const string CloudInit = "cloud-init";

    /// <summary>In every system's folder of programs: that the folder looked into is that one.</summary>
    private const string Landmark = "env";

    public static async Task<CloudInitSupport> LookAsync(IReadOnlyList<ChainLayer> chain, TimeProvider time, CancellationToken cancellationToken)
    {
        var found = await Task.Run(() => Look(chain), cancellationToken);
        return found == CloudInitSupport.Unknown ? await Guestfish.LookAsync(chain[0], time, cancellationToken) : found;
    }

    /// <summary>The look into ext file systems alone.</summary>
    internal static CloudInitSupport Look(IReadOnlyList<ChainLayer> chain)
    {
        try
        {
            using var disk = BackingChain.Open(chain);
            var found = CloudInitSupport.Unknown;
            foreach (var offset in PartitionTable.Offsets(disk))
            {
                // The second folder is that of a file system that is mounted at /usr.
                foreach (var folder in new[] { "/usr/bin", "/bin" })
                {
                    switch (Look(disk, offset, folder))
                    {
                        case CloudInitSupport.Yes:
                            return CloudInitSupport.Yes;
                        case CloudInitSupport.No:
                            found = CloudInitSupport.No;
                            break;
                    }
                }
            }

            return found;
        }
        catch (BlockException)
        {
            // Whether the image is sound was judged before; here it only means that nothing was found out.
            return CloudInitSupport.Unknown;
        }
    }

    private static CloudInitSupport Look(IBlockDevice disk, long offset, string folder)
    {
        try
        {
            if (ExtFileSystem.Open(disk, offset) is not { } files || files.Exists($"{folder}/{Landmark}") is not true)
                return CloudInitSupport.Unknown;
            return files.Exists($"{folder}/{CloudInit}") switch
            {
                true => CloudInitSupport.Yes,
                false => CloudInitSupport.No,
                null => CloudInitSupport.Unknown,
            };
        }
        catch (BlockException e) when (e.Kind == BlockErrorKind.OutOfRange)
        {
            return CloudInitSupport.Unknown;
        }
    }
}
