using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ramet.Block;

namespace Ramet.Qcow2;

// Data of the header extension 0x52414d54 ("RAMT"):
// Byte  0 -  1  version of this structure, 1
//       2 -  3  reserved, 0
//       4 -  7  CRC-32C of the body
//       8 -  n  body: one JSON object in UTF-8; unknown members are ignored

/// <summary>
/// Who a layer is, stored in the layer itself, so that a catalog can be rebuilt from the files alone.
/// </summary>
public sealed record LayerIdentity
{
    private const ushort CurrentVersion = 1;
    private const int Prefix = 8;

    /// <summary>Largest stored identity in bytes: it shares the header's 4 KiB page with a backing name of up to 1023.</summary>
    public const int MaxBytes = 2048;

    /// <summary>The layer.</summary>
    public required Guid LayerId { get; init; }

    /// <summary>The machine that the layer belongs to; null for a layer of no machine, such as an imported image.</summary>
    public Guid? VmId { get; init; }

    /// <summary>What the file is within its datastore: its path there, with forward slashes.</summary>
    public required string Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What else a rebuilt catalog wants to know (names, the parent layer), by keys of the datastore driver's choosing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Properties { get; init; }

    /// <summary>The extension that stores this identity.</summary>
    /// <exception cref="BlockException"><see cref="BlockErrorKind.OverBudget"/> over <see cref="MaxBytes"/>.</exception>
    internal HeaderExtension ToExtension(string path)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(this, LayerIdentityJson.Default.LayerIdentity);
        if (body.Length + Prefix > MaxBytes)
            throw new BlockException(BlockErrorKind.OverBudget, "write identity", path, $"{body.Length + Prefix} bytes, over {MaxBytes}");
        var data = new byte[Prefix + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(data, CurrentVersion);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), Crc32C(body));
        body.CopyTo(data, Prefix);
        return new HeaderExtension(HeaderExtensionType.LayerIdentity, data);
    }

    /// <summary>Reads the identity out of its extension.</summary>
    /// <exception cref="BlockException">UnsupportedFeature for a later version, Malformed for a wrong checksum or body.</exception>
    internal static LayerIdentity FromExtension(ReadOnlySpan<byte> data, string path)
    {
        if (data.Length < Prefix)
            throw Fail(BlockErrorKind.Malformed, "the layer identity is cut short");
        var version = BinaryPrimitives.ReadUInt16BigEndian(data);
        if (version != CurrentVersion)
            throw Fail(BlockErrorKind.UnsupportedFeature, $"layer identity version {version}");
        var body = data[Prefix..];
        if (BinaryPrimitives.ReadUInt32BigEndian(data[4..]) != Crc32C(body))
            throw Fail(BlockErrorKind.Malformed, "the layer identity's checksum is wrong");
        try
        {
            return JsonSerializer.Deserialize(body, LayerIdentityJson.Default.LayerIdentity) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Fail(BlockErrorKind.Malformed, "the layer identity is not what its version says", e);
        }

        BlockException Fail(BlockErrorKind kind, string detail, Exception? inner = null) => new(kind, "read identity", path, detail, null, inner);
    }

    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        foreach (var b in data)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LayerIdentity))]
internal sealed partial class LayerIdentityJson : JsonSerializerContext;
