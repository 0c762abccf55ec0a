namespace Ramet.Testing;

/// <summary>QEMU's own tools, as makers and judges of images.</summary>
public static class Qemu
{
    /// <summary>qemu-img create; options as for -o.</summary>
    public static void Create(string path, long size, string options = "", string? backing = null, string backingFormat = "qcow2")
    {
        List<string> arguments = ["create", "-q", "-f", "qcow2"];
        if (options.Length > 0)
            arguments.AddRange(["-o", options]);
        if (backing is not null)
            arguments.AddRange(["-b", backing, "-F", backingFormat]);
        RequiredTool.Run("qemu-img", [.. arguments, path, size.ToString()]);
    }

    /// <summary>qemu-io commands, in one run.</summary>
    public static void Io(string path, params string[] commands) => IoFormat(path, "qcow2", commands);

    public static void IoFormat(string path, string format, params string[] commands)
    {
        var output = RequiredTool.Run("qemu-io", ["-f", format, .. commands.SelectMany(c => new[] { "-c", c }), path]);
        if (output.Contains("failed", StringComparison.Ordinal))
            throw new InvalidOperationException(output);
    }

    /// <summary>Fails unless qemu-img check finds neither errors nor leaks.</summary>
    public static void Check(string path) => RequiredTool.Run("qemu-img", "check", "-q", "-f", "qcow2", path);

    /// <summary>Fails unless both images show the same content.</summary>
    public static void Compare(string a, string formatA, string b, string formatB) =>
        RequiredTool.Run("qemu-img", "compare", "-q", "-f", formatA, "-F", formatB, a, b);

    /// <summary>The content of an image, chain included, as a raw file's bytes.</summary>
    public static byte[] Content(string path, string scratch)
    {
        RequiredTool.Run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", path, scratch);
        var bytes = File.ReadAllBytes(scratch);
        File.Delete(scratch);
        return bytes;
    }
}
