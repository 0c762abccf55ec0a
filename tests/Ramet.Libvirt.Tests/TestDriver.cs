using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Tests;

/// <summary>
/// libvirt's mock driver: the real library, no daemon and no guests. <c>test:///default</c> is one world for the whole process; a
/// world read from a file belongs to its connection, so tests may run side by side.
/// </summary>
internal static class TestDriver
{
    /// <summary>A fresh world with one running domain <c>test</c> and one network <c>default</c>.</summary>
    public static Connection Open()
    {
        if (!NativeLibrary.TryLoad("libvirt.so.0", out _))
        {
            const string missing = "libvirt.so.0 is missing (Debian: apt-get install libvirt0)";
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", missing);
            Assert.Fail(missing);
        }

        return Connection.Open("test://" + Path.Combine(AppContext.BaseDirectory, "node.xml"));
    }

    /// <summary>A domain's definition with the least that the driver takes.</summary>
    public static string DomainXml(string name, Guid uuid) =>
        $"<domain type='test'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>64</memory><vcpu>2</vcpu>" +
        "<os><type arch='i686'>hvm</type></os></domain>";
}
