namespace Ramet.Block;

/// <summary>A device with a durability barrier.</summary>
public interface IFlushableDevice
{
    /// <summary>Returns when every write that completed before the call survives power loss.</summary>
    void Flush();
}
