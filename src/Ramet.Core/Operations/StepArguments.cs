using System.Text.Json;

namespace Ramet.Core.Operations;

/// <summary>A step's arguments as they stand in the journal.</summary>
public static class StepArguments
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Format<T>(T arguments) => JsonSerializer.Serialize(arguments, Options);

    public static T Parse<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("a step's arguments are null");
}
