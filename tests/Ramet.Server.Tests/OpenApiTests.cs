using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Ramet.Contracts;
using Ramet.Server.Tests.Harness;

namespace Ramet.Server.Tests;

public sealed class OpenApiTests(SharedServer shared) : IAsyncLifetime, IClassFixture<SharedServer>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private string _text = "";

    public async ValueTask InitializeAsync() => _text = await shared.Server.Local.GetStringAsync(Routes.OpenApi);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void It_is_valid_openapi_3_1()
    {
        var read = OpenApiDocument.Parse(_text, "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Empty(read.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()));
    }

    [Fact]
    public void Every_address_is_in_it()
    {
        var known = typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)
            .Except([Routes.Base, Routes.OpenApi]);

        Assert.Equal(known.Order(StringComparer.Ordinal), Parse().Paths.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_says_what_it_is_and_what_it_answers()
    {
        var document = Parse();
        var operations = document.Paths.SelectMany(p => p.Value.Operations!.Select(o => (Name: $"{o.Key} {p.Key}", Operation: o.Value))).ToList();

        Assert.Empty(operations.Where(o => string.IsNullOrEmpty(o.Operation.OperationId) || string.IsNullOrEmpty(o.Operation.Summary) || o.Operation.Tags?.Count != 1).Select(o => o.Name));
        Assert.Empty(operations.GroupBy(o => o.Operation.OperationId).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Empty(operations.Where(o => !o.Operation.Responses!.Keys.Any(k => k[0] is '1' or '2') || !o.Operation.Responses.ContainsKey("default")).Select(o => o.Name));
        // What answers 2xx with a body says which.
        Assert.Empty(operations.Where(o => o.Operation.Responses!.Any(r => r.Key is "200" or "201" or "202" && r.Value.Content is not { Count: > 0 })).Select(o => o.Name));
        Assert.NotEmpty(document.Security!);
    }

    [Fact]
    public void Every_request_has_an_example_that_the_server_would_take()
    {
        var strict = new JsonSerializerOptions(RametJson.Default.Options)
        {
            UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
            RespectRequiredConstructorParameters = true,
        };
        var bodies = Parse().Paths.SelectMany(p => p.Value.Operations!.Values).Where(o => o.RequestBody is not null)
            .Select(o => o.RequestBody!.Content!["application/json"]).ToList();

        Assert.Equal(13, bodies.Count);
        foreach (var body in bodies)
        {
            var type = typeof(Routes).Assembly.GetType("Ramet.Contracts." + ((OpenApiSchemaReference)body.Schema!).Reference.Id, throwOnError: true)!;
            Assert.NotNull(body.Example.Deserialize(type, strict));
        }
    }

    [Fact]
    public void Only_requests_are_closed_to_new_fields()
    {
        var closed = Parse().Components!.Schemas!.Where(s => !s.Value.AdditionalPropertiesAllowed).Select(s => s.Key);

        Assert.All(closed, name => Assert.True(name == "VmSelection" || name.EndsWith("Request", StringComparison.Ordinal), name));
        Assert.Contains("CloneRequest", closed);
    }

    [Fact]
    public void Numbers_are_numbers()
    {
        // "number or string" is what the framework writes of long unless it is told otherwise; generated clients suffer from it.
        var unions = Schemas(JsonNode.Parse(_text)!).Where(s => s["type"] is JsonArray types
            && types.Any(t => (string)t! is "integer" or "number") && types.Any(t => (string)t! == "string"));

        Assert.Empty(unions);
    }

    /// <summary>The public surface, frozen: a change of the API is a change of this file, and somebody reads it.</summary>
    [Fact]
    public async Task It_is_what_the_repository_says_it_is()
    {
        var path = Path.Combine(Repository.Root, "docs", "openapi.json");
        var served = JsonNode.Parse(_text)!.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("RAMET_UPDATE_OPENAPI") is not null)
            await File.WriteAllTextAsync(path, served);

        Assert.True(
            served == await File.ReadAllTextAsync(path),
            "the API has changed: run this test with RAMET_UPDATE_OPENAPI=1, read the difference in docs/openapi.json, and commit it");
    }

    private OpenApiDocument Parse() => OpenApiDocument.Parse(_text, "json").Document!;

    private static IEnumerable<JsonObject> Schemas(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Schemas(p.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Schemas),
        _ => [],
    };
}
