using System.Text.Json;
using System.Text.Json.Serialization;
using Ramet.Cli.Commands;

namespace Ramet.Cli.Hosting;

/// <summary>Documents that the CLI writes and the API does not have.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(VersionReport))]
internal sealed partial class CliJson : JsonSerializerContext;
