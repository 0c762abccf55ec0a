namespace Ramet.Qcow2.Tests;

public sealed class Qcow2CheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly long _l1, _l2, _table, _block;

    public Qcow2CheckTests()
    {
        _path = _folder["a"];
        Qemu.Create(_path, 1L << 30);
        Qemu.Io(_path, "write -P 1 0 1M", "write -P 2 700M 64k");
        _l1 = (long)Images.Peek64(_path, 40);
        _l2 = (long)(Images.Peek64(_path, _l1) & L1Entry.OffsetMask);
        _table = (long)Images.Peek64(_path, 48);
        _block = (long)Images.Peek64(_path, _table);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Snapshots_and_bitmaps_are_counted()
    {
        RequiredTool.Run("qemu-img", "snapshot", "-c", "one", _path);
        Qemu.Io(_path, "write -P 3 64k 64k");
        RequiredTool.Run("qemu-img", "snapshot", "-c", "two", _path);
        RequiredTool.Run("qemu-img", "bitmap", "--add", "-f", "qcow2", _path, "b0");
        RequiredTool.Run("qemu-img", "bitmap", "--add", "-g", "512", "-f", "qcow2", _path, "b1");
        Qemu.Io(_path, "write -P 4 2M 1M");
        Qemu.Check(_path);
        var report = Check();
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
        Assert.Equal(33, report.AllocatedClusters);
    }

    [Fact]
    public void The_figures_are_those_of_qemu()
    {
        var report = Check();
        Assert.Equal((17L, 0L, true), (report.AllocatedClusters, report.CompressedClusters, report.IsClean));
        Assert.Contains($"\"image-end-offset\": {report.ImageEndOffset}", RequiredTool.Run("qemu-img", "check", "--output=json", _path));
    }

    [Fact]
    public void A_leak_is_no_corruption()
    {
        using (var file = RawFile.OpenWrite(_path))
            file.SetLength(61 << 16);
        Images.Poke(_path, _block + 2 * 60, 0, 1);
        var report = Check();
        Assert.Equal((0L, 1L), (report.Corruptions, report.Leaks));
        Assert.Equal(CheckFindingKind.Leak, Assert.Single(report.Findings).Kind);
        Assert.Equal(3, RequiredTool.TryRun("qemu-img", "check", _path).ExitCode);
    }

    [Fact]
    public void Damage_is_found()
    {
        var data = Images.Peek64(_path, _l2);
        foreach (var (at, value, kind) in new (long, ulong, CheckFindingKind)[]
        {
            (_l2, data & ~L2Entry.CopiedFlag, CheckFindingKind.WrongCopiedFlag),
            (_l2, data + 0x200, CheckFindingKind.BadEntry),
            (_l2, 0x8000_0000_7000_0000, CheckFindingKind.BeyondEnd),
            (_l2 + 8, data, CheckFindingKind.RefcountTooLow),
            (_l2 + 8, 0x8000_0000_0000_0000 | (ulong)_l1, CheckFindingKind.RefcountTooLow),
            (_l1, 0x8000_0000_7000_0000, CheckFindingKind.BeyondEnd),
            (_l1 + 8, Images.Peek64(_path, _l1), CheckFindingKind.SharedTable),
            (_table + 8, (ulong)_block, CheckFindingKind.SharedTable),
            (_table + 8, 0x0000_7000_0000_0000, CheckFindingKind.BeyondEnd),
            (_table, 0, CheckFindingKind.RefcountTooLow),
        })
        {
            var before = Images.Peek64(_path, at);
            Images.Poke64(_path, at, value);
            var report = Check();
            Assert.True(report.Findings.Any(f => f.Kind == kind), $"{kind} at {at} not among {string.Join('\n', report.Findings)}");
            Assert.False(report.IsSound);
            Images.Poke64(_path, at, before);
        }

        Assert.True(Check().IsClean);
    }

    [Fact]
    public void A_cut_file_has_references_beyond_its_end()
    {
        using (var file = RawFile.OpenWrite(_path))
            file.SetLength(file.Length - (1 << 20));
        Assert.InRange(Check().BeyondEnd, 1, 17);
    }

    [Fact]
    public void Tables_made_of_holes_exhaust_the_budget_and_not_the_clock()
    {
        // 4 Mi L1 entries, every one with an L2 table of its own somewhere in a huge hole.
        using (var file = RawFile.OpenWrite(_path))
        {
            file.SetLength(1L << 43);
            var l1 = new byte[32 << 20];
            for (var i = 0; i < l1.Length / 8; i++)
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(l1.AsSpan(i * 8), L1Entry.To(0x1000_0000L + ((long)i << 16)).Raw);
            file.Write(0x800_0000, l1);
        }

        Images.Poke32(_path, 36, 4 << 20);
        Images.Poke64(_path, 40, 0x800_0000);
        Assert.Equal(BlockErrorKind.OverBudget, Assert.Throws<BlockException>(Check).Kind);
    }

    private CheckReport Check()
    {
        using var file = RawFile.OpenRead(_path);
        return Qcow2Check.Run(file);
    }
}
