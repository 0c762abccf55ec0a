using System.Security.Cryptography;
using Ramet.Core.Errors;
using Ramet.Core.Layers;
using Ramet.Core.Operations;
using Ramet.Core.VirtualMachines;
using Ramet.Core.VirtualMachines.Steps;

namespace Ramet.Core.Import;

/// <summary>Brings an image into a datastore: fetched, its checksum compared, its header judged, copied; only then is anything made of it.</summary>
internal sealed class ImportStep(ILayerStore store, ImageDownload download) : IStep
{
    /// <param name="Source">Absolute path or http(s) address.</param>
    /// <param name="Sha256">Hexadecimal; null for none.</param>
    /// <param name="DetectCloudInit">Whether to look into the guest.</param>
    public sealed record Arguments(Guid Vm, Guid Layer, string Source, string? Sha256, bool DetectCloudInit);

    public const string Name = "image.import";

    public string Kind => Name;

    public int Weight => 30;

    public async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments<Arguments>();
        var layer = (await LayerLookup.ManyAsync(context.Session, [arguments.Layer], cancellationToken))[arguments.Layer];
        var address = ImageSource.AddressOf(arguments.Source);
        var file = address is null ? arguments.Source : await download.FetchAsync(address, context.Bytes(), cancellationToken);
        try
        {
            if (arguments.Sha256 is not null)
                await CompareAsync(file, arguments, context, cancellationToken);
            var facts = await store.InspectImportAsync(file, layer.Format, cancellationToken);
            layer.VirtualSize = facts.VirtualSize;
            await store.ImportAsync(file, layer.Format, new LayerIdentity(layer.Id, layer.OwnerId, layer.Target, layer.CreatedAt), layer.Path, context.Bytes(), cancellationToken);
        }
        catch (RametException e) when (address is not null && e.Kind is ErrorKind.ChecksumMismatch or ErrorKind.InvalidImage)
        {
            // It will never be right: the next try must not go on from it.
            download.Discard(address);
            throw;
        }

        if (arguments.DetectCloudInit)
        {
            var vm = await VmLookup.OneAsync(context.Session, arguments.Vm, cancellationToken);
            vm.CloudInit = await store.DetectCloudInitAsync([new LayerFile(layer.Path, layer.Format)], cancellationToken);
        }

        if (address is not null)
            download.Discard(address);
    }

    public async Task UndoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var layers = await LayerLookup.ManyAsync(context.Session, [context.Arguments<Arguments>().Layer], cancellationToken);
        await store.DeleteAsync([.. layers.Values.Select(l => l.Path)], cancellationToken);
    }

    private static async Task CompareAsync(string file, Arguments arguments, StepContext context, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan | FileOptions.Asynchronous);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        long done = 0;
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            context.Report(done / (double)Math.Max(1, stream.Length) / 2, done += read, stream.Length);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != arguments.Sha256)
        {
            throw new RametException(ErrorKind.ChecksumMismatch, $"{arguments.Source} has SHA-256 {found}, not {arguments.Sha256}",
                "it is damaged, or another version: fetch it again and compare with the publisher's checksum", arguments.Source);
        }
    }
}
