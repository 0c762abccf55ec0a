using System.Diagnostics;
using Ramet.Core.Hosts;
using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;
using Ramet.Hypervisor.Probe;

namespace Ramet.Hypervisor.Tests;

/// <summary>Tiny guests: the probe's boot sector on disks that qemu-img makes.</summary>
internal static class Guests
{
    /// <summary>Backs on a sealed raw base that holds the boot sector: a linked clone in small.</summary>
    public static async Task<DomainDefinition> LinkedCloneAsync(string folder, string name)
    {
        var stem = Path.Combine(folder, name);
        await File.WriteAllBytesAsync(stem + "-base.raw", BootSector.CreateDisk());
        File.SetUnixFileMode(stem + "-base.raw", UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await QemuImgAsync("create", "-q", "-f", "qcow2", "-F", "raw", "-b", stem + "-base.raw", stem + "-a.qcow2");
        return Definition(name, new DomainDisk("vda", [new(stem + "-a.qcow2", ImageFormat.Qcow2), new(stem + "-base.raw", ImageFormat.Raw)]));
    }

    public static DomainDefinition Definition(string name, params DomainDisk[] disks)
    {
        var id = Guid.NewGuid();
        return new DomainDefinition
        {
            Id = id,
            Name = name,
            Description = "a test's guest",
            Cpus = 1,
            MemoryMiB = 32,
            Firmware = Firmware.Bios,
            GenerationId = Guid.NewGuid(),
            Serial = "ramet-" + id.ToString("N")[..8],
            Disks = disks,
            Nics = [new DomainNic($"52:54:00:{id.ToByteArray()[0]:x2}:{id.ToByteArray()[1]:x2}:{id.ToByteArray()[2]:x2}", "default")],
        };
    }

    /// <summary>The definition with one more, empty layer on top of its first disk.</summary>
    public static async Task<DomainDisk> LayerOnTopAsync(DomainDisk disk, string path)
    {
        await QemuImgAsync("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", disk.Chain[0].Path, path);
        return disk with { Chain = [new DomainLayer(path, ImageFormat.Qcow2), .. disk.Chain] };
    }

    public static async Task<string> QemuImgAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("qemu-img", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"qemu-img {string.Join(' ', arguments)}: {process.ExitCode} {output}");
        return output;
    }
}
