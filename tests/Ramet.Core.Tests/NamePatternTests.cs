using Ramet.Core.Errors;
using Ramet.Core.LinkedClones;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Tests;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("seat", "seat")]
    [InlineData("seat-{1..3}", "seat-1 seat-2 seat-3")]
    [InlineData("seat-{08..10}", "seat-08 seat-09 seat-10")]
    [InlineData("seat-{1..010}", "seat-001 seat-002 seat-003 seat-004 seat-005 seat-006 seat-007 seat-008 seat-009 seat-010")]
    [InlineData("{red,blue}-vm", "red-vm blue-vm")]
    [InlineData("r{1..2}s{a,b}", "r1sa r1sb r2sa r2sb")]
    [InlineData("x{0..0}", "x0")]
    [InlineData("{a,}b", "ab b")]
    public void A_pattern_expands_as_a_shell_would(string pattern, string names) =>
        Assert.Equal(names.Split(' '), NamePattern.Expand(pattern));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("seat-{2..1}", "ends before it begins")]
    [InlineData("seat-{1..10001}", "over 10,000")]
    [InlineData("{1..200}{1..200}", "over 10,000")]
    [InlineData("{0..4294967295}", "over 10,000")]
    [InlineData("seat-{1..", "without a '}'")]
    [InlineData("seat-1..2}", "without a '{'")]
    [InlineData("seat-{1}", "neither a range")]
    [InlineData("seat-{}", "neither a range")]
    [InlineData("seat-{a..c}", "not numbers")]
    [InlineData("seat-{-1..2}", "not numbers")]
    [InlineData("{a,a}", "twice")]
    public void What_yields_no_names_says_why(string pattern, string why)
    {
        var error = Assert.Throws<RametException>(() => NamePattern.Expand(pattern));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_names_are_allowed() => Assert.Equal(10_000, NamePattern.Expand("v{1..10000}").Count);

    [Theory]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("-x")]
    [InlineData("<b>")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("")]
    [InlineData(null)]
    public void Names_that_could_do_harm_are_refused(string? name) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<RametException>(() => VmName.Check(name, "VM")).Kind);

    [Theory]
    [InlineData("Seat_01", "seat-01")]
    [InlineData("a.b", "a-b")]
    [InlineData("x-", "x")]
    [InlineData("___", "vm")]
    public void A_hostname_is_as_near_to_the_name_as_allowed(string name, string hostname) => Assert.Equal(hostname, VmName.ToHostname(name));
}
