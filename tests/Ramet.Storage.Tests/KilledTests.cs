using System.Diagnostics;
using Ramet.Core.Layers;

namespace Ramet.Storage.Tests;

/// <summary>
/// A process that makes layers is killed with SIGKILL at a random moment. Under a final name there is then nothing or a whole
/// layer with its identity; and whoever takes the layers back by their ids leaves an empty folder.
/// </summary>
public sealed class KilledTests
{
    private const string Folder = "RAMET_STORAGE_TEST_FOLDER";
    private const int Kills = 6;

    [Fact]
    public async Task Whatever_a_killed_process_left_is_whole_or_is_found_by_its_id()
    {
        await using var test = await TestStore.CreateAsync();
        var (_, below) = await test.BaseAsync();
        await test.SourceAsync("import.qcow2");
        await test.SourceAsync("import.raw");
        var random = new Random(20_261_122);
        for (var kill = 0; kill < Kills; kill++)
        {
            var ids = test.File($"ids-{kill}");
            await KillAsync(test, below, ids, TimeSpan.FromMilliseconds(random.Next(5, 250)));

            foreach (var file in await test.Store.ListFilesAsync(test.Datastore, default))
            {
                if (file.IsTemporary || file.Path == below)
                    continue;
                if (file.Path.EndsWith(".iso", StringComparison.Ordinal))
                {
                    Assert.Equal("x", await Tools.RunAsync("isoinfo", "-i", file.Path, "-R", "-x", "/meta-data"));
                    continue;
                }

                Assert.Equal(Path.GetFileNameWithoutExtension(file.Path), file.Identity?.LayerId.ToString());
                if (file.Path.EndsWith(".qcow2", StringComparison.Ordinal))
                    await Tools.RunAsync("qemu-img", "check", "-q", file.Path);
            }

            await test.Store.DeleteAsync([.. File.ReadAllLines(ids).Where(l => l.EndsWith('.')).Select(l => l[..^1])], default);
            Assert.Equal([below], Directory.GetFileSystemEntries(test.LayersFolder));
            Assert.Empty(Directory.GetFileSystemEntries(test.SeedsFolder));
        }
    }

    /// <summary>What runs in the process that is killed: makes layers without end, each written down before it is begun.</summary>
    [Fact(Explicit = true)]
    public async Task Make_layers_without_end()
    {
        var store = new DirectoryLayerStore(TimeProvider.System);
        var arguments = Environment.GetEnvironmentVariable(Folder)!.Split(':');
        var (folder, datastore, below, ids) = (arguments[0], arguments[1], arguments[2], arguments[3]);
        await using var log = new StreamWriter(ids) { AutoFlush = true };
        while (true)
        {
            var overlays = Enumerable.Range(0, 50).Select(_ => TestStore.NewIdentity())
                .Select(i => new OverlayRequest(Note(DatastoreLayout.Layer(datastore, i.LayerId, ImageFormat.Qcow2)), 64 << 20, new LayerFile(below, ImageFormat.Qcow2), i)).ToArray();
            await store.CreateOverlaysAsync(overlays, null, default);
            foreach (var (name, format) in new[] { ("import.qcow2", ImageFormat.Qcow2), ("import.raw", ImageFormat.Raw) })
            {
                var identity = TestStore.NewIdentity();
                await store.ImportAsync(Path.Combine(folder, name), format, identity, Note(DatastoreLayout.Layer(datastore, identity.LayerId, format)), null, default);
            }

            var flat = TestStore.NewIdentity();
            await store.FlattenAsync([new LayerFile(below, ImageFormat.Qcow2)], flat, Note(DatastoreLayout.Layer(datastore, flat.LayerId, ImageFormat.Qcow2)), null, default);
            await store.WriteSeedsAsync([.. Enumerable.Range(0, 20).Select(_ => new SeedRequest(Note(DatastoreLayout.Seed(datastore, Guid.NewGuid())), new Dictionary<string, string> { ["meta-data"] = "x" }))], default);
        }

        // The full stop says that the line was written whole.
        string Note(string path)
        {
            log.WriteLine(path + ".");
            return path;
        }
    }

    private static async Task KillAsync(TestStore test, string below, string ids, TimeSpan after)
    {
        var self = Path.ChangeExtension(typeof(KilledTests).Assembly.Location, null);
        var start = new ProcessStartInfo(self, ["-explicit", "only", "-method", $"{typeof(KilledTests).FullName}.{nameof(Make_layers_without_end)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Folder] = string.Join(':', test.Folder, test.Datastore.Path, below, ids);
        using var process = Process.Start(start)!;
        try
        {
            using var watcher = new FileSystemWatcher(test.LayersFolder);
            var first = new TaskCompletionSource();
            watcher.Created += (_, _) => first.TrySetResult();
            watcher.EnableRaisingEvents = true;
            await first.Task.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
            await Task.Delay(after, TimeProvider.System);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
