using Spectre.Console;
using TreeNode = Ramet.Contracts.TreeNode;

namespace Ramet.Cli.Views;

/// <summary>Lineage: parent, its snapshots, their clones, and so on down.</summary>
internal static class LineageView
{
    public static void Write(Screen screen, IReadOnlyList<TreeNode> roots)
    {
        foreach (var root in roots)
        {
            var tree = new Tree(Line(root));
            AddChildren(tree, root);
            screen.Spectre.Write(tree);
        }
    }

    // Names come from users: Text is literal, Markup would read "[red]" as a colour.
    private static void AddChildren(IHasTreeNodes to, TreeNode node)
    {
        foreach (var child in node.Children)
            AddChildren(to.AddNode(Line(child)), child);
    }

    private static Paragraph Line(TreeNode node)
    {
        var line = new Paragraph();
        if (node.Type == "snapshot")
        {
            line.Append(Plain.Text(node.Name.Contains('@') ? node.Name[node.Name.IndexOf('@')..] : "@" + node.Name), Look.Warning.Style);
            line.Append($"  snapshot  {Units.Bytes(node.AllocatedBytes)}", Look.Faint.Style);
        }
        else
        {
            line.Append(Plain.Text(node.Name), Look.Strong.Style);
            line.Append("  ");
            line.Append(Plain.Text(node.State ?? "unknown"), Look.OfState(node.State)?.Style);
            line.Append($"  depth {node.Depth}  {Units.Bytes(node.AllocatedBytes)}", Look.Faint.Style);
        }

        return line;
    }
}
