namespace Ramet.Qcow2;

/// <summary>One overlay to create.</summary>
/// <param name="Path">Where; the folder exists, the name is free or holds this same overlay from an earlier run.</param>
/// <param name="BackingPath">The backing file's name as it will be stored: absolute, or relative to the overlay's folder.</param>
/// <param name="BackingFormat">The backing file's format as QEMU spells it: <c>qcow2</c> or <c>raw</c>. It is stored, so that nobody ever probes.</param>
/// <param name="VirtualSize">Size in bytes, rounded up to a multiple of 512.</param>
/// <param name="Identity">Stored in the overlay; its layer id decides whether an existing file is this overlay.</param>
public sealed record OverlaySpec(string Path, string BackingPath, string BackingFormat, long VirtualSize, LayerIdentity Identity);
