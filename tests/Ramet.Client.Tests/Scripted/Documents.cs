using Ramet.Contracts;

namespace Ramet.Testing;

/// <summary>Documents as a server would send them.</summary>
internal static class Documents
{
    public static DateTimeOffset At { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static VirtualMachine Vm(string name, string state = "running", string? origin = "debian12@v1", int depth = 2) => new(
        Guid.Parse("11111111-2222-3333-4444-555555555555"), name, null, "local", state, origin, depth, 2, 1024, "bios", "yes", false, name,
        "0123456789abcdef0123456789abcdef", Guid.Parse("99999999-8888-7777-6666-555555555555"), "RAMET-0001", "iid-" + name, At,
        [new Disk("vda", 10L << 30, $"/var/lib/ramet/datastores/default/{name}.qcow2", "qcow2", depth, [])], [new Nic("52:54:00:00:00:01", "default")], 0, 0);

    public static VirtualMachine VmWithChain(string name) => Vm(name) with
    {
        Disks =
        [
            new Disk("vda", 10L << 30, "/d/active.qcow2", "qcow2", 2,
            [
                new Layer(Guid.Empty, "/d/active.qcow2", "qcow2", "active", "default", 10L << 30, null, 1),
                new Layer(Guid.Empty, "/d/base.qcow2", "qcow2", "sealed", "default", 10L << 30, "sha256:0123456789abcdef0123456789abcdef", 11),
            ]),
        ],
    };

    public static IReadOnlyList<TreeNode> Tree { get; } =
    [
        new("vm", "debian12", "stopped", 2, 196608,
        [
            new("snapshot", "debian12@v1", null, 1, 900L << 20,
            [
                new("vm", "seat-01", "running", 2, 12288, []),
                new("vm", "seat-02", "stopped", 2, 5L << 20, [new("snapshot", "seat-02@a", null, 2, 4096, [])]),
            ]),
        ]),
    ];

    public static Problem Problem(string kind, int status, string title, string? @object = null, string? remedy = null, params string[] details) =>
        new("https://ramet.dev/problems/" + kind, title, status, kind, @object, remedy, details);
}
