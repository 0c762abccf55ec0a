using Ramet.Block;
using Ramet.Qcow2;

namespace Ramet.Images;

/// <summary>Opens one layer. The only place that knows which code reads which format.</summary>
public static class ImageOpener
{
    /// <summary>Opens a layer for reading over the given backing, which stays the caller's.</summary>
    /// <exception cref="BlockException">Among others <see cref="BlockErrorKind.WrongFormat"/> when the file is not what it is declared to be.</exception>
    public static IBlockDevice OpenRead(string path, ImageFormat format, IBlockDevice? backing = null, ImageLockMode locking = ImageLockMode.None)
    {
        var file = RawFile.OpenRead(path, locking);
        if (format == ImageFormat.Qcow2)
            return Qcow2Reader.Open(file, new Qcow2OpenOptions { Backing = backing });
        if (backing is null)
            return file;
        file.Dispose();
        throw new BlockException(BlockErrorKind.ChainMismatch, "open", path, "a raw image has no backing");
    }
}
