using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <content>Disks: live snapshots, block jobs, figures. A disk is named by its target (<c>vda</c>) or by its source path.</content>
public sealed unsafe partial class Domain
{
    /// <summary>Takes a snapshot as a <c>domainsnapshot</c> document describes it and returns its name.</summary>
    public string CreateSnapshot(string xml, SnapshotOptions options)
    {
        using var snapshot = VirDomain.virDomainSnapshotCreateXML(_handle, xml, (uint)options);
        return snapshot.IsInvalid
            ? throw LibvirtException.Last(nameof(VirDomain.virDomainSnapshotCreateXML), Name)
            : NativeText.Borrow(VirDomain.virDomainSnapshotGetName(snapshot));
    }

    public BlockInfo GetBlockInfo(string disk)
    {
        Check(VirDomain.virDomainGetBlockInfo(_handle, disk, out var info, 0), nameof(VirDomain.virDomainGetBlockInfo));
        return info;
    }

    /// <summary>Counters of a running domain's disk.</summary>
    public BlockStats GetBlockStats(string disk)
    {
        Check(VirDomain.virDomainBlockStats(_handle, disk, out var stats, (nuint)sizeof(BlockStats)), nameof(VirDomain.virDomainBlockStats));
        return stats;
    }

    /// <summary>
    /// Starts copying what the active layer lacks from its backing chain, down to <paramref name="bottom"/> (which stays the backing
    /// image) or altogether (null). Bandwidth in bytes per second, 0 for no limit. Watch <see cref="BlockJobEvent"/> for the end.
    /// </summary>
    public void PullBlocks(string disk, string? bottom = null, long bandwidth = 0)
    {
        const uint bandwidthBytes = 1 << 6;
        Check(
            VirDomain.virDomainBlockRebase(_handle, disk, bottom, (nuint)bandwidth, bandwidth == 0 ? 0 : bandwidthBytes),
            nameof(VirDomain.virDomainBlockRebase));
    }

    /// <summary>Starts committing the layers from <paramref name="top"/> (null: the active one) down into <paramref name="bottom"/> (null: the base of the chain).</summary>
    public void CommitBlocks(string disk, string? bottom, string? top, BlockCommitOptions options, long bandwidth = 0) =>
        Check(
            VirDomain.virDomainBlockCommit(
                _handle, disk, bottom, top, (nuint)bandwidth, (uint)(bandwidth == 0 ? options : options | BlockCommitOptions.BandwidthBytes)),
            nameof(VirDomain.virDomainBlockCommit));

    /// <summary>The disk's running block job, or null when there is none.</summary>
    public BlockJobInfo? GetBlockJob(string disk)
    {
        var found = Check(VirDomain.virDomainGetBlockJobInfo(_handle, disk, out var info, 0), nameof(VirDomain.virDomainGetBlockJobInfo));
        return found == 0 ? null : new BlockJobInfo((BlockJobType)info.Type, info.Current, info.End);
    }

    /// <summary>Cancels the disk's block job, or completes a ready one with <see cref="BlockJobAbortOptions.Pivot"/>.</summary>
    public void AbortBlockJob(string disk, BlockJobAbortOptions options = BlockJobAbortOptions.None) =>
        Check(VirDomain.virDomainBlockJobAbort(_handle, disk, (uint)options), nameof(VirDomain.virDomainBlockJobAbort));
}
