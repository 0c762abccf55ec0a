using System.CommandLine;
using System.CommandLine.Completions;
using Ramet.Cli.Hosting;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Cli.Completion;

/// <summary>What can stand at a place of the command line, asked of the server; a server that is slow or away offers nothing.</summary>
internal sealed class Candidates(CliApplication application)
{
    // Long enough for a busy server, short enough for a person with a finger on the tab key.
    private TimeSpan Patience => TimeSpan.FromSeconds(
        double.TryParse(application.Host.Environment("RAMET_COMPLETION_TIMEOUT"), out var seconds) && seconds is > 0 and < 3600 ? seconds : 1);

    public IEnumerable<CompletionItem> Vms(CompletionContext context) => Ask(context, async (client, stop) =>
        (await client.ListVmsAsync(null, stop)).Select(v => new CompletionItem(v.Name, detail: v.Origin is null ? v.State : $"{v.State}, clone of {v.Origin}")));

    /// <summary>VMs and their snapshots: what can be cloned.</summary>
    public IEnumerable<CompletionItem> Sources(CompletionContext context) => Ask(context, async (client, stop) =>
    {
        var found = new List<CompletionItem>();
        foreach (var root in await client.GetTreeAsync(null, stop))
            Collect(root, root.Name, found);
        return found;
    });

    public IEnumerable<CompletionItem> Operations(CompletionContext context) => Ask(context, async (client, stop) =>
        (await client.ListOperationsAsync(null, 50, stop)).Select(o => new CompletionItem(o.Id.ToString(), detail: $"{o.State}: {o.Title}")));

    public IEnumerable<CompletionItem> Datastores(CompletionContext context) => Ask(context, async (client, stop) =>
        (await client.ListDatastoresAsync(stop)).Select(d => new CompletionItem(d.Name, detail: d.Path)));

    public IEnumerable<CompletionItem> Networks(CompletionContext context) => Ask(context, async (client, stop) =>
        (await client.ListHostsAsync(stop)).SelectMany(h => h.Networks).Select(n => n.Name).Distinct().Select(n => new CompletionItem(n)));

    public IEnumerable<CompletionItem> Tokens(CompletionContext context) => Ask(context, async (client, stop) =>
        (await client.ListTokensAsync(stop)).Select(t => new CompletionItem(t.Name)));

    private static void Collect(TreeNode node, string vm, List<CompletionItem> found)
    {
        if (node.Type == "snapshot")
            found.Add(new CompletionItem(node.Name.Contains('@') ? node.Name : $"{vm}@{node.Name}", detail: "snapshot"));
        else
            found.Add(new CompletionItem(node.Name, detail: node.State));
        foreach (var child in node.Children)
            Collect(child, node.Type == "snapshot" ? vm : node.Name, found);
    }

    // System.CommandLine asks synchronously; the process does nothing else meanwhile.
    private List<CompletionItem> Ask(CompletionContext context, Func<RametClient, CancellationToken, Task<IEnumerable<CompletionItem>>> question)
    {
        try
        {
            return Task.Run(async () =>
            {
                using var stop = new CancellationTokenSource(Patience, application.Host.Time);
                using var client = new RametClient(application.Globals.Endpoint(context.ParseResult, application.Host), application.Host.Time);
                return (await question(client, stop.Token)).ToList();
            }).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is RametApiException or OperationCanceledException)
        {
            return [];
        }
    }
}
