using Ramet.Cli.Views;

namespace Ramet.Cli.Tests;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(10_190, "10 KiB")]
    [InlineData(1_048_575, "1 MiB")]
    [InlineData(-1536, "-1.5 KiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Sizes_are_short(long bytes, string text) => Assert.Equal(text, Units.Bytes(bytes));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512M", 512)]
    [InlineData("2g", 2048)]
    [InlineData("1.5GiB", 1536)]
    [InlineData("2048K", 2)]
    public void Memory_is_read(string text, int mebibytes)
    {
        Assert.True(Units.TryParseMiB(text, out var read));
        Assert.Equal(mebibytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1G")]
    [InlineData("0")]
    [InlineData("1X")]
    [InlineData("1.5M")]
    [InlineData("99999999999G")]
    public void Nonsense_is_not(string text) => Assert.False(Units.TryParseMiB(text, out _));
}
