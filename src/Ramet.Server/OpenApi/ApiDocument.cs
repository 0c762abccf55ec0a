using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Ramet.Contracts;
using Ramet.Server.Errors;

namespace Ramet.Server.OpenApi;

/// <summary>The OpenAPI 3.1 document: what the endpoints say of themselves, and what is true of all of them.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";
    private const string TokenScheme = "token";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Ramet",
                Version = Name,
                Description = "Linked clones for KVM. Calls that take long answer 202 with an operation; see docs/api.md.",
                License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
            };
            // Whatever address this copy was fetched from is no part of the API.
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [TokenScheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "An API token (rmt_…). On the unix socket callers are known by their peer credentials instead.",
                },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Requests are refused for fields that nobody knows; answers may gain some, and clients have to bear with that.
            if (!IsRequest(context.JsonTypeInfo.Type))
                schema.AdditionalPropertiesAllowed = true;
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            if (ApiExamples.Requests.TryGetValue(operation.OperationId ?? "", out var example)
                && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
            {
                body.Example = JsonNode.Parse(example);
            }

            if (context.Document is { } document)
            {
                var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
                document.AddComponent(nameof(Problem), schema);
                operation.Responses ??= [];
                operation.Responses["default"] = new OpenApiResponse
                {
                    Description = "What went wrong; `kind` is the word to match on.",
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [Problems.ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), document) },
                    },
                };
            }
        });
    });

    private static bool IsRequest(Type type) => type == typeof(VmSelection) || type.Name.EndsWith("Request", StringComparison.Ordinal);

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").WithName("GetOpenApi").AllowAnonymous();
}
