using System.Text.RegularExpressions;

namespace Ramet.Architecture.Tests;

/// <summary>A document that names a path of this repository names one that exists.</summary>
public sealed partial class DocumentedPathTests
{
    private static readonly string[] Roots = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

    [Fact]
    public void Every_path_that_the_documents_name_exists()
    {
        var named = Documents()
            .SelectMany(d => PathsIn(File.ReadAllText(d)).Select(p => (Document: Path.GetRelativePath(Repository.Root, d), Path: p)))
            .ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Where(n => !Exists(n.Path)).Select(n => $"{n.Document}: {n.Path}").Distinct());
    }

    [Theory]
    [InlineData("see `src/Ramet.Core/Layers/`, then docs/formats.md.", "src/Ramet.Core/Layers,docs/formats.md")]
    [InlineData("[the guide](docs/a.md#part) and (tests/X.Tests/Y.cs:12)", "docs/a.md,tests/X.Tests/Y.cs")]
    [InlineData("run `eng/build`; tests/*.Tests and src/Ramet.{Cli,Client} are patterns", "eng/build")]
    [InlineData("https://example.org/docs/x and /usr/src/y and my-tests/z", "")]
    public void Paths_are_told_from_prose(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', PathsIn(text)));

    private static IEnumerable<string> Documents()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        return Roots.Select(r => Path.Combine(Repository.Root, r)).Where(File.Exists)
            .Concat(Directory.Exists(docs) ? Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories) : []);
    }

    private static bool Exists(string path)
    {
        var full = Path.Combine(Repository.Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    private static IEnumerable<string> PathsIn(string text) =>
        NamedPath().Matches(text).Where(m => !m.Groups["pattern"].Success).Select(m => m.Groups["path"].Value.TrimEnd('.', '/'));

    // What follows in "pattern" makes it a glob or a placeholder and not a path.
    [GeneratedRegex(@"(?<![\w/.-])(?<path>(?:src|tests|bench|docs|eng|web)/[\w./-]+)(?<pattern>[*{<$])?|(?<![\w/.-])(?<pattern>(?:src|tests|bench|docs|eng|web)/[*{<$]\S*)")]
    private static partial Regex NamedPath();
}
