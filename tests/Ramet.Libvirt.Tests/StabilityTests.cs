namespace Ramet.Libvirt.Tests;

/// <summary>Names that callers match on; adding one is fine, changing one is not.</summary>
public sealed class StabilityTests
{
    [Fact]
    public void Error_kinds_stay()
    {
        string[] published =
        [
            "Failed", "LibraryMissing", "Disconnected", "NotFound", "AlreadyExists", "InvalidState", "InvalidInput", "Unsupported",
            "AgentUnavailable", "Busy", "Timeout", "Aborted", "Denied",
        ];
        Assert.Equal(published, Enum.GetNames<LibvirtErrorKind>());
    }
}
