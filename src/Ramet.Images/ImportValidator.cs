using Ramet.Block;
using Ramet.Qcow2;

namespace Ramet.Images;

/// <summary>Judges an image from outside before anything opens it for a machine: it must be whole, independent, and what it is declared to be.</summary>
public static class ImportValidator
{
    /// <summary>Looks at the header, then at every reference in the image. Nothing that the image names is opened.</summary>
    /// <param name="path">The image.</param>
    /// <param name="declared">The format that whoever imports it says it has.</param>
    /// <param name="cancel">Stops the check.</param>
    /// <exception cref="BlockException">Only when the file itself cannot be read: NotFound, AccessDenied, Io.</exception>
    public static ImportVerdict Validate(string path, ImageFormat declared, CancellationToken cancel = default)
    {
        var refusals = new List<ImportRefusal>();
        ImageInfo? info = null;
        try
        {
            info = ImageInfo.Read(path, declared);
            if (declared == ImageFormat.Raw)
                JudgeRaw(path, info, refusals);
            else
                JudgeQcow2(path, info, refusals, cancel);
        }
        catch (BlockException e) when (e.Kind >= BlockErrorKind.WrongFormat)
        {
            refusals.Add(new ImportRefusal(e.Kind, e.Detail));
        }

        return new ImportVerdict(path, info, refusals);
    }

    private static void JudgeRaw(string path, ImageInfo info, List<ImportRefusal> refusals)
    {
        if (info.VirtualSize == 0)
            refusals.Add(new ImportRefusal(BlockErrorKind.Truncated, "the file is empty"));
        if (info.VirtualSize % 512 != 0)
            refusals.Add(new ImportRefusal(BlockErrorKind.Truncated, $"{info.VirtualSize} bytes are not a whole number of sectors"));
        using var file = RawFile.OpenRead(path);
        if (ForeignMagic.Recognise(file) is { } name)
            refusals.Add(new ImportRefusal(BlockErrorKind.SuspiciousContent, $"declared raw, but it starts like a {name} image"));
    }

    private static void JudgeQcow2(string path, ImageInfo info, List<ImportRefusal> refusals, CancellationToken cancel)
    {
        if (info.BackingName is { } backing)
            refusals.Add(new ImportRefusal(BlockErrorKind.BackingRefused, $"it has the backing file '{backing}'; flatten it first, or adopt it where it is"));
        if (info.HasDataFile || info.DataFileName is not null)
            refusals.Add(new ImportRefusal(BlockErrorKind.DataFileRefused, $"it keeps its data in another file, '{info.DataFileName}'"));
        if (info.Incompatible.HasFlag(IncompatibleFeatures.Corrupt))
            refusals.Add(new ImportRefusal(BlockErrorKind.MarkedCorrupt, "it is marked corrupt; repair it first"));
        if (info.IsTruncated)
        {
            refusals.Add(new ImportRefusal(BlockErrorKind.Truncated, "its header points beyond the end of the file"));
            return;
        }

        if (refusals.Count > 0)
            return;
        using var file = RawFile.OpenRead(path);
        var report = Qcow2Check.Run(file, cancel);
        if (report.BeyondEnd > 0)
            refusals.Add(new ImportRefusal(BlockErrorKind.Truncated, $"{report.BeyondEnd} references lead beyond the end of the file"));

        // Under the dirty bit wrong reference counts are expected, and whoever opens the image next rebuilds them.
        var dirty = info.Incompatible.HasFlag(IncompatibleFeatures.Dirty);
        var damage = report.Findings.Where(f => f.Kind is not (CheckFindingKind.Leak or CheckFindingKind.BeyondEnd)
            && !(dirty && f.Kind is (CheckFindingKind.RefcountTooLow or CheckFindingKind.WrongCopiedFlag))).ToList();
        if (damage.Count > 0)
            refusals.Add(new ImportRefusal(BlockErrorKind.Malformed, $"{report.Corruptions} errors in its metadata, the first at offset {damage[0].Offset}: {damage[0].Detail}"));
    }
}
