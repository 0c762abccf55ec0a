using System.Text.RegularExpressions;
using Ramet.Core.Errors;

namespace Ramet.Core.VirtualMachines;

/// <summary>Rules for names of VMs, snapshots, datastores and tokens.</summary>
public static partial class VmName
{
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static string Check(string? name, string noun)
    {
        if (name is not null && Valid().IsMatch(name))
            return name;
        throw new RametException(ErrorKind.InvalidArgument, $"'{name}' is not a name for a {noun}",
            "a name has 1 to 63 letters, digits, '.', '_' or '-', and begins with a letter or digit", name);
    }

    /// <summary>A hostname (RFC 1123) as near to the name as the rules allow.</summary>
    public static string ToHostname(string name) =>
        NotInHostname().Replace(name.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } hostname ? hostname : "vm";

    /// <summary>A regular expression for a pattern with * and ?.</summary>
    public static Regex ToRegex(string pattern) =>
        new("^" + Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".") + "$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public static bool IsPattern(string name) => name.AsSpan().ContainsAny('*', '?');

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();

    [GeneratedRegex("[^a-z0-9-]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInHostname();
}
