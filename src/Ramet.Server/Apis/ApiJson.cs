using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ramet.Contracts;

namespace Ramet.Server.Apis;

/// <summary>How documents are read and written.</summary>
internal static class ApiJson
{
    /// <summary>For what is written without the framework's help.</summary>
    public static RametJson Context { get; } = Create();

    /// <summary>As the contracts are written; and a request that says something else than its document knows is refused, not half obeyed.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.TypeInfoResolverChain.Insert(0, RametJson.Default);
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        // Answers are JSON and say so; nobody is to read \u0027 for an apostrophe.
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    }

    private static RametJson Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.TypeInfoResolverChain.Clear();
        return new RametJson(options);
    }
}
