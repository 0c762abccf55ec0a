using Ramet.Core.Errors;

namespace Ramet.Core.VirtualMachines;

/// <summary>Limits of a VM's hardware; the host may set narrower ones.</summary>
internal static class VmHardware
{
    public const int DefaultCpus = 1;
    public const int DefaultMemoryMiB = 1024;

    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static void Check(int? cpus, int? memoryMiB)
    {
        if (cpus is < 1 or > 1024)
            throw new RametException(ErrorKind.InvalidArgument, $"{cpus} is not a number of CPUs", "from 1 to 1024");
        if (memoryMiB is < 16 or > 16 * 1024 * 1024)
            throw new RametException(ErrorKind.InvalidArgument, $"{memoryMiB} MiB is not a memory size", "from 16 MiB to 16 TiB");
    }
}
