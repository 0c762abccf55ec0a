using Ramet.Block;

namespace Ramet.Qcow2;

// One walk over everything that refers to clusters (header, tables, snapshots, bitmaps) counts the uses of each; a second pass compares the
// counts with the stored ones. COPIED is judged by the stored counts, as QEMU does. An L2 table is walked once per L1 table, and the walk
// as a whole has a budget derived from the space the file takes on disk, so that tables which refer to each other many times over, or lie in
// holes, cannot make it long or large: a table that says anything takes a page, and so does nearly every cluster that is worth referring to.

/// <summary>Judges a qcow2 image: every reference inside the file, reference counts right. Changes nothing.</summary>
public sealed class Qcow2Check
{
    private const int MaxFindings = 100;

    private readonly int[] _listed = new int[Enum.GetValues<CheckFindingKind>().Length + 1];
    private const int MinTables = 1 << 16;
    private const int MinPlaces = 8192;
    private readonly RawFile _file;
    private readonly Qcow2Header _header;
    private readonly ClusterGeometry _g;
    private readonly HeaderArea _area;
    private readonly CancellationToken _cancel;
    private readonly ClusterTally _tally;
    private readonly List<CheckFinding> _findings = [];
    private readonly ulong[] _refcountTable;
    private readonly StoredRefcounts _stored;
    private long _budget;
    private long _corruptions, _leaks, _beyondEnd, _allocated, _compressed;

    private Qcow2Check(RawFile file, long allocatedPages, CancellationToken cancel)
    {
        _file = file;
        _cancel = cancel;
        _budget = MinTables + allocatedPages;
        _tally = new ClusterTally(MinPlaces + 2 * allocatedPages, file.Path);
        _area = HeaderArea.Read(file);
        _header = _area.Header;
        _g = _header.Geometry;
        if (_header.FirstBeyond(file.Length) is var (field, name))
            throw new BlockException(BlockErrorKind.Truncated, "check", file.Path, $"{name} lies beyond the end of the file at {file.Length}", field);
        _refcountTable = TableIo.Read(file, _header.RefcountTableOffset, _header.RefcountTableClusters << (_g.ClusterBits - 3));
        _stored = new StoredRefcounts(file, _g, _refcountTable);
    }

    /// <summary>Checks a file that nobody writes meanwhile.</summary>
    /// <param name="file">The image; stays open.</param>
    /// <param name="cancel">Stops the check.</param>
    /// <exception cref="BlockException">When the header cannot be read, or <see cref="BlockErrorKind.OverBudget"/>.</exception>
    public static CheckReport Run(RawFile file, CancellationToken cancel = default) =>
        new Qcow2Check(file, FileStatus.Of(file.Path).AllocatedBytes / 4096, cancel).Run();

    private CheckReport Run()
    {
        Use(0, 1);
        Use(_header.RefcountTableOffset, (long)_header.RefcountTableClusters << _g.ClusterBits);
        WalkRefcountTable();
        WalkL1(_header.L1Offset, _header.L1Entries, active: true);
        WalkSnapshots();
        WalkBitmaps();
        Compare();
        return new CheckReport
        {
            Findings = _findings,
            Corruptions = _corruptions,
            Leaks = _leaks,
            BeyondEnd = _beyondEnd,
            AllocatedClusters = _allocated,
            CompressedClusters = _compressed,
            ImageEndOffset = _tally.End << _g.ClusterBits,
        };
    }

    private void WalkRefcountTable()
    {
        var seen = new HashSet<ulong>();
        for (var i = 0; i < _refcountTable.Length; i++)
        {
            var offset = new RefcountTableEntry(_refcountTable[i]).BlockOffset;
            var at = _header.RefcountTableOffset + i * 8L;
            if (offset == 0)
                continue;
            if (offset > long.MaxValue || !_g.IsAligned((long)offset))
                Bad(CheckFindingKind.BadEntry, at, $"refcount block {i} at {offset} is not a cluster");
            else if (!seen.Add(offset))
                Bad(CheckFindingKind.SharedTable, at, $"refcount block {i} at {offset} is listed twice");
            else
                UseWhole((long)offset, _g.ClusterSize, at, "refcount block");
        }
    }

    private void WalkL1(long offset, long entries, bool active)
    {
        if (entries == 0)
            return;
        if (!UseWhole(offset, entries * 8, offset, "L1 table"))
            return;
        var l1 = TableIo.Read(_file, offset, (int)entries);
        var seen = new HashSet<long>();
        for (var i = 0; i < l1.Length; i++)
        {
            var entry = new L1Entry(l1[i]);
            var at = offset + i * 8L;
            if (entry.L2Offset == 0)
                continue;
            if (!_g.IsAligned(entry.L2Offset) || entry.HasReservedBits)
                Bad(CheckFindingKind.BadEntry, at, $"L1 entry {i} is 0x{entry.Raw:x}");
            else if (!seen.Add(entry.L2Offset))
                Bad(CheckFindingKind.SharedTable, at, $"L1 entry {i} uses the L2 table at {entry.L2Offset}, which another entry has");
            else if (UseWhole(entry.L2Offset, _g.ClusterSize, at, "L2 table"))
            {
                if (active)
                    CheckCopied(entry.Copied, entry.L2Offset, at);
                WalkL2(entry.L2Offset, (long)i * _g.L2Coverage, active);
            }
        }
    }

    private void WalkL2(long offset, long guestStart, bool active)
    {
        Spend(offset);
        if (_file.IsHole(offset, _g.ClusterSize))
            return;
        var table = TableIo.Read(_file, offset, _g.ClusterSize / 8);
        for (var i = 0; i < _g.L2Entries; i++)
        {
            var entry = new L2Entry(table[_g.ExtendedL2 ? i * 2 : i]);
            var bitmap = new SubclusterBitmap(_g.ExtendedL2 ? table[i * 2 + 1] : 0);
            if (entry.Raw == 0 && bitmap.Raw == 0)
                continue;
            var at = offset + (long)i * _g.L2EntrySize;
            if (entry.Compressed)
                WalkCompressed(entry, at, active);
            else
                WalkStandard(entry, bitmap, guestStart + ((long)i << _g.ClusterBits), at, active);
        }
    }

    private void WalkCompressed(L2Entry entry, long at, bool active)
    {
        var stored = CompressedDescriptor.From(entry, _g.ClusterBits);
        if (entry.Copied || _header.HasExternalData)
            Bad(CheckFindingKind.BadEntry, at, "a compressed cluster is marked COPIED, or has no place in an external data file");

        // The last sector may be cut off by the end of the file, not more.
        if (stored.HostOffset >= _file.Length || stored.HostOffset + stored.Length - 512 >= _file.Length)
        {
            Beyond(at, stored.HostOffset, "compressed cluster");
            return;
        }

        Use(stored.HostOffset, stored.Length);
        if (active)
        {
            _allocated++;
            _compressed++;
        }
    }

    private void WalkStandard(L2Entry entry, SubclusterBitmap bitmap, long guest, long at, bool active)
    {
        var host = entry.HostOffset;
        if (!_g.IsAligned(host)
            || _g.ExtendedL2 && (entry.Zero || bitmap.IsContradictory || bitmap.Allocated != 0 && host == 0 && !_header.HasExternalData)
            || entry.Zero && _header.Version < 3)
        {
            Bad(CheckFindingKind.BadEntry, at, $"L2 entry 0x{entry.Raw:x} contradicts the format");
            return;
        }

        if (_header.HasExternalData)
        {
            if (host != 0 && host != guest)
                Bad(CheckFindingKind.BadEntry, at, $"a cluster of the external data file is at {host}, not at its guest offset {guest}");
            _allocated += active && (host != 0 || entry.Copied) ? 1 : 0;
            return;
        }

        if (host == 0)
            return;
        if (host > _file.Length - Needed(entry, bitmap, guest))
        {
            Beyond(at, host, "data cluster");
            return;
        }

        Use(host, _g.ClusterSize);
        if (!active)
            return;
        _allocated++;
        CheckCopied(entry.Copied, host, at);
    }

    /// <summary>How much of a data cluster must be in the file: up to the last subcluster with data, and not what lies beyond the disk's end.</summary>
    private long Needed(L2Entry entry, SubclusterBitmap bitmap, long guest)
    {
        if (entry.Zero)
            return 0;
        var stored = _g.ExtendedL2 ? (32L - uint.LeadingZeroCount(bitmap.Allocated)) << _g.UnitBits : _g.ClusterSize;
        return Math.Clamp(_header.VirtualSize - guest, 0, stored);
    }

    private void WalkSnapshots()
    {
        var at = _header.SnapshotsOffset;
        Span<byte> fixedPart = stackalloc byte[SnapshotTableEntry.FixedLength];
        for (var i = 0; i < _header.SnapshotCount; i++)
        {
            if (_file.ReadUpTo(at, fixedPart) != fixedPart.Length)
            {
                Beyond(at, at, "snapshot table");
                break;
            }

            if (SnapshotTableEntry.Read(fixedPart) is not { } entry || entry.L1Entries > ClusterGeometry.MaxL1Bytes / 8 || !_g.IsAligned(entry.L1Offset))
            {
                Bad(CheckFindingKind.BadEntry, at, $"snapshot {i} has impossible sizes");
                break;
            }

            WalkL1(entry.L1Offset, entry.L1Entries, active: false);
            at += entry.StoredLength;
        }

        if (_header.SnapshotCount > 0)
            Use(_header.SnapshotsOffset, at - _header.SnapshotsOffset);
    }

    private void WalkBitmaps()
    {
        if (!_header.Autoclear.HasFlag(AutoclearFeatures.Bitmaps) || _area.Find(HeaderExtensionType.Bitmaps) is not { } stored)
            return;
        if (BitmapsExtension.Read(stored.Data.Span) is not { } extension || extension.DirectorySize > 64 << 20
            || extension.DirectoryOffset > (ulong)_file.Length || !_g.IsAligned((long)extension.DirectoryOffset))
        {
            Bad(CheckFindingKind.BadEntry, 0, "the bitmaps extension has impossible sizes");
            return;
        }

        var at = (long)extension.DirectoryOffset;
        var end = at + (long)extension.DirectorySize;
        if (!UseWhole(at, (long)extension.DirectorySize, at, "bitmap directory"))
            return;
        Span<byte> fixedPart = stackalloc byte[BitmapDirectoryEntry.FixedLength];
        for (uint i = 0; i < extension.Count && at + fixedPart.Length <= end; i++)
        {
            _file.Read(at, fixedPart);
            var entry = BitmapDirectoryEntry.Read(fixedPart);
            WalkBitmapTable(entry, at);
            at += entry.StoredLength;
        }
    }

    private void WalkBitmapTable(BitmapDirectoryEntry entry, long at)
    {
        if (entry.TableOffset > (ulong)_file.Length || !_g.IsAligned((long)entry.TableOffset) || entry.TableEntries > 8 << 20)
        {
            Bad(CheckFindingKind.BadEntry, at, "a bitmap table has an impossible place or size");
            return;
        }

        if (!UseWhole((long)entry.TableOffset, entry.TableEntries * 8L, at, "bitmap table"))
            return;
        foreach (var raw in TableIo.Read(_file, (long)entry.TableOffset, (int)entry.TableEntries))
            if ((long)(raw & L2Entry.OffsetMask) is var offset and not 0)
                UseWhole(offset, _g.ClusterSize, (long)entry.TableOffset, "bitmap data");
    }

    private void Compare()
    {
        // Every cluster that is used, and every one that a block counts.
        foreach (var start in _tally.PageStarts)
        {
            _cancel.ThrowIfCancellationRequested();
            for (var cluster = start; cluster < start + ClusterTally.PageLength; cluster++)
                if (_tally[cluster] is var uses and not 0 && _stored[cluster] is var count && count < uses)
                    Bad(CheckFindingKind.RefcountTooLow, cluster << _g.ClusterBits, $"cluster {cluster} has {uses} uses and the reference count {count}");
        }

        for (var i = 0; i < _refcountTable.Length; i++)
        {
            if (new RefcountTableEntry(_refcountTable[i]).BlockOffset == 0)
                continue;
            _cancel.ThrowIfCancellationRequested();
            var block = _stored.Block(i);
            if (!block.AsSpan().ContainsAnyExcept((byte)0))
                continue;
            for (var j = 0; j < _g.RefcountsPerBlock; j++)
            {
                var cluster = i * _g.RefcountsPerBlock + j;
                if (RefcountBlock.Get(block, _g.RefcountOrder, j) is var count and not 0 && count > _tally[cluster])
                {
                    _leaks++;
                    Add(new CheckFinding(CheckFindingKind.Leak, cluster << _g.ClusterBits, $"cluster {cluster} has {_tally[cluster]} uses and the reference count {count}"));
                }
            }
        }
    }

    private void CheckCopied(bool copied, long host, long at)
    {
        var count = _stored[host >> _g.ClusterBits];
        if (copied != (count == 1))
            Bad(CheckFindingKind.WrongCopiedFlag, at, $"COPIED is {(copied ? "set" : "not set")} and the reference count {count}");
    }

    private bool UseWhole(long offset, long length, long at, string what)
    {
        if (offset < 0 || offset > _file.Length - length)
        {
            Beyond(at, offset, what);
            return false;
        }

        if (offset == 0)
        {
            Bad(CheckFindingKind.BadEntry, at, $"the {what} lies on the header");
            return false;
        }

        Use(offset, length);
        return true;
    }

    private void Use(long offset, long length)
    {
        for (var cluster = offset >> _g.ClusterBits; cluster <= (offset + length - 1) >> _g.ClusterBits; cluster++)
            _tally.Add(cluster);
    }

    private void Spend(long offset)
    {
        _cancel.ThrowIfCancellationRequested();
        if (--_budget < 0)
            throw new BlockException(BlockErrorKind.OverBudget, "check", _file.Path, "the image has more tables than its size on disk can hold", offset);
    }

    private void Beyond(long at, long target, string what)
    {
        _beyondEnd++;
        Bad(CheckFindingKind.BeyondEnd, at, $"the {what} at {target} reaches beyond the end of the file at {_file.Length}");
    }

    private void Bad(CheckFindingKind kind, long at, string detail)
    {
        _corruptions++;
        Add(new CheckFinding(kind, at, detail));
    }

    private void Add(CheckFinding finding)
    {
        // Of each kind: a thousand leaks must not hide the one error that counts.
        if (_listed[(int)finding.Kind]++ < MaxFindings)
            _findings.Add(finding);
    }
}
