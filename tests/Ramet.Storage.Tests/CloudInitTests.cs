using System.Diagnostics;
using Ramet.Core.Layers;
using Ramet.Core.VirtualMachines;
using Ramet.Images;
using Ramet.Storage.Guests;
using ImageFormat = Ramet.Core.Layers.ImageFormat;

namespace Ramet.Storage.Tests;

/// <summary>Looking into guests' file systems, made by e2fsprogs in all the shapes that it has.</summary>
public sealed class CloudInitTests
{
    [Theory]
    [InlineData("ext4")]
    [InlineData("ext4", "-b", "1024")]
    [InlineData("ext4", "-O", "^64bit,^metadata_csum")]
    [InlineData("ext4", "-O", "^extents,^64bit")]
    [InlineData("ext3")]
    [InlineData("ext2")]
    [InlineData("ext2", "-b", "1024", "-r", "0")]
    public async Task It_is_found_among_thousands_of_programs_and_missed_when_it_is_not_there(string type, params string[] options)
    {
        await using var test = await TestStore.CreateAsync();
        var tree = Tree(test, "usr/bin", programs: 3000);
        Assert.Equal(CloudInitSupport.No, await LookAsync(await FileSystemAsync(test, tree, type, options)));
        File.WriteAllText(Path.Combine(tree, "usr/bin/cloud-init"), "#!/bin/sh\n");
        Assert.Equal(CloudInitSupport.Yes, await LookAsync(await FileSystemAsync(test, tree, type, options)));
    }

    [Theory]
    [InlineData("gpt")]
    [InlineData("dos")]
    public async Task It_is_found_behind_a_partition_table_through_a_chain(string table)
    {
        await using var test = await TestStore.CreateAsync();
        var tree = Tree(test, "usr/bin", programs: 10);
        File.WriteAllText(Path.Combine(tree, "usr/bin/cloud-init"), "");
        var files = await FileSystemAsync(test, tree, "ext4");
        var disk = test.File("disk.raw");
        await Tools.RunAsync("truncate", "-s", "128M", disk);
        var script = test.File("table");
        File.WriteAllText(script, $"label: {table}\nstart=2048, size=8192\nstart=16384\n");
        await Tools.RunAsync("sh", "-c", $"sfdisk -q {disk} < {script}");
        await Tools.RunAsync("dd", $"if={files}", $"of={disk}", "bs=1M", "seek=8", "conv=notrunc,sparse", "status=none");

        Assert.Equal(CloudInitSupport.Yes, await LookAsync(disk));
        var identity = TestStore.NewIdentity();
        var below = test.File("disk.qcow2");
        await Tools.RunAsync("qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", disk, below);
        await test.Store.ImportAsync(below, ImageFormat.Qcow2, identity, test.PathOf(identity), null, default);
        var overlay = test.Overlay(test.PathOf(identity), 128 << 20);
        await test.Store.CreateOverlaysAsync([overlay], null, default);

        var watch = Stopwatch.StartNew();
        Assert.Equal(CloudInitSupport.Yes, await test.Store.DetectCloudInitAsync([new LayerFile(overlay.Path, ImageFormat.Qcow2), overlay.Backing], default));
        TestContext.Current.TestOutputHelper!.WriteLine($"looked for {watch.Elapsed.TotalMilliseconds:F1} ms");
    }

    [Fact]
    public async Task A_separate_usr_is_looked_into_and_an_empty_mount_point_is_no_answer()
    {
        await using var test = await TestStore.CreateAsync();
        var root = Tree(test, "etc", programs: 1);
        Directory.CreateDirectory(Path.Combine(root, "usr"));
        Assert.Equal(CloudInitSupport.Unknown, Look(await FileSystemAsync(test, root, "ext4")));
        var usr = Tree(test, "bin", programs: 1);
        File.WriteAllText(Path.Combine(usr, "bin/cloud-init"), "");
        Assert.Equal(CloudInitSupport.Yes, Look(await FileSystemAsync(test, usr, "ext4")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public async Task What_is_no_file_system_is_unknown(int size)
    {
        await using var test = await TestStore.CreateAsync();
        var path = test.File("noise.raw");
        var bytes = new byte[size];
        new Random(7).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        Assert.Equal(CloudInitSupport.Unknown, Look(path));
    }

    [Fact]
    public async Task Damaged_structures_end_in_an_answer()
    {
        await using var test = await TestStore.CreateAsync();
        var tree = Tree(test, "usr/bin", programs: 500);
        var path = await FileSystemAsync(test, tree, "ext4", "-b", "1024");
        var random = new Random(42);
        // The superblock, the descriptors, the first inodes: where pointers are.
        var sound = new byte[301 << 10];
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Read(file, sound, 0);
        for (var round = 0; round < 300; round++)
        {
            var bytes = sound.AsSpan().ToArray();
            for (var i = 0; i < 40; i++)
                bytes[random.Next(1024, bytes.Length)] = (byte)random.Next(256);
            for (var i = 0; i < 4; i++)
                bytes[1024 + random.Next(0x100)] ^= (byte)(1 << random.Next(8));
            RandomAccess.Write(file, bytes, 0);
            Assert.NotEqual(CloudInitSupport.Yes, Look(path));
        }
    }

    private static string Tree(TestStore test, string folder, int programs)
    {
        var tree = test.File($"tree-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.Combine(tree, folder));
        File.WriteAllText(Path.Combine(tree, folder, "env"), "");
        for (var i = 0; i < programs; i++)
            File.WriteAllText(Path.Combine(tree, folder, $"program-with-a-name-of-some-length-{i}"), "");
        return tree;
    }

    private static async Task<string> FileSystemAsync(TestStore test, string tree, string type, params string[] options)
    {
        var path = test.File($"fs-{Guid.NewGuid():N}.raw");
        await Tools.RunAsync("mke2fs", ["-q", "-t", type, .. options, "-N", "8000", "-d", tree, path, "48M"]);
        return path;
    }

    /// <summary>Without the detour through libguestfs, where that is installed.</summary>
    private static CloudInitSupport Look(string raw) => CloudInitProbe.Look([new ChainLayer(raw, Images.ImageFormat.Raw)]);

    private static Task<CloudInitSupport> LookAsync(string raw) =>
        CloudInitProbe.LookAsync([new ChainLayer(raw, Images.ImageFormat.Raw)], TimeProvider.System, default);
}
