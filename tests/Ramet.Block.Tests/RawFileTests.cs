namespace Ramet.Block.Tests;

public sealed class RawFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_and_the_file_grows()
    {
        using var file = RawFile.CreateNew(_folder["a"]);
        file.Write(8192, Pattern.At(8192, 4096));
        Assert.Equal(12288, file.Length);
        var back = new byte[4096];
        file.Read(8192, back);
        Assert.Equal(Pattern.At(8192, 4096), back);
        file.Read(0, back);
        Assert.All(back, b => Assert.Equal(0, b));
    }

    [Fact]
    public void Reading_beyond_the_end_is_out_of_range()
    {
        using var file = RawFile.CreateNew(_folder["a"]);
        file.Write(0, new byte[100]);
        var e = Assert.Throws<BlockException>(() => file.Read(50, new byte[51]));
        Assert.Equal((BlockErrorKind.OutOfRange, 50L), (e.Kind, e.Offset));
        Assert.Equal(50, file.ReadUpTo(50, new byte[51]));
        Assert.Throws<BlockException>(() => file.GetExtent(100));
        Assert.Throws<BlockException>(() => file.GetExtent(-1));
    }

    [Fact]
    public void Holes_are_known_and_neighbours_are_joined()
    {
        using var file = RawFile.CreateNew(_folder["a"]);
        file.SetLength(10 << 20);
        file.Write(1 << 20, Pattern.At(0, 1 << 20));
        file.Write(5 << 20, Pattern.At(0, 4096));
        file.Flush();
        Assert.Equal(
            [
                new Extent(0, 1 << 20, ExtentKind.Hole), new Extent(1 << 20, 1 << 20, ExtentKind.Data), new Extent(2 << 20, 3 << 20, ExtentKind.Hole),
                new Extent(5 << 20, 4096, ExtentKind.Data), new Extent((5 << 20) + 4096, (5 << 20) - 4096, ExtentKind.Hole),
            ],
            ExtentWalk.Over(file));
        file.WriteZeroes(1 << 20, 1 << 20);
        Assert.Equal(new Extent(0, 5 << 20, ExtentKind.Hole), file.GetExtent(0));
        Assert.Equal([new Extent(100, 50, ExtentKind.Hole)], ExtentWalk.Over(file, 100, 50));
        Assert.Empty(ExtentWalk.Over(file, 100, 0));
    }

    [Fact]
    public void Errors_have_kinds()
    {
        Assert.Equal(BlockErrorKind.NotFound, Kind(() => RawFile.OpenRead(_folder["none"])));
        Assert.Equal(BlockErrorKind.WrongFormat, Kind(() => RawFile.OpenRead(_folder.Path)));
        RawFile.CreateNew(_folder["a"]).Dispose();
        Assert.Equal(BlockErrorKind.AlreadyExists, Kind(() => RawFile.CreateNew(_folder["a"])));
        using var file = RawFile.OpenRead(_folder["a"]);
        Assert.Equal(BlockErrorKind.ReadOnly, Kind(() => file.Write(0, [1])));
        RequiredTool.Run("mkfifo", _folder["pipe"]);
        Assert.Equal(BlockErrorKind.WrongFormat, Kind(() => RawFile.OpenRead(_folder["pipe"])));
    }

    [Fact]
    public void A_full_file_system_is_no_space()
    {
        using var small = new SmallFileSystem(1 << 20);
        using var file = RawFile.CreateNew(small["a"]);
        Assert.Equal(BlockErrorKind.NoSpace, Kind(() => file.Write(0, Pattern.At(0, 2 << 20))));
    }

    [Fact]
    public void The_numbers_of_error_kinds_are_stable() => Assert.Equal(
        "Io=1 NotFound=2 AlreadyExists=3 AccessDenied=4 NoSpace=5 Locked=6 OutOfRange=7 ReadOnly=8 WrongFormat=20 Malformed=21 Truncated=22 UnsupportedFeature=23 "
        + "Encrypted=24 MarkedCorrupt=25 OverBudget=26 BackingRefused=40 DataFileRefused=41 FormatUndeclared=42 ChainTooDeep=43 ChainMismatch=44 SuspiciousContent=45",
        string.Join(' ', Enum.GetValues<BlockErrorKind>().Select(k => $"{k}={(int)k}")));

    private static BlockErrorKind Kind(Action action) => Assert.Throws<BlockException>(action).Kind;
}
