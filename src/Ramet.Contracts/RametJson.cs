using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ramet.Contracts;

/// <summary>How the API's documents are written: source generated, camelCase, no nulls left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(VirtualMachine))]
[JsonSerializable(typeof(IReadOnlyList<VirtualMachine>))]
[JsonSerializable(typeof(IReadOnlyList<Address>))]
[JsonSerializable(typeof(VmSelection))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(DeleteRequest))]
[JsonSerializable(typeof(DeletePreview))]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(AdoptRequest))]
[JsonSerializable(typeof(CloneRequest))]
[JsonSerializable(typeof(Snapshot))]
[JsonSerializable(typeof(IReadOnlyList<Snapshot>))]
[JsonSerializable(typeof(SnapshotRequest))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(IReadOnlyList<Operation>))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(IReadOnlyList<Host>))]
[JsonSerializable(typeof(Datastore))]
[JsonSerializable(typeof(IReadOnlyList<Datastore>))]
[JsonSerializable(typeof(DatastoreRequest))]
[JsonSerializable(typeof(IReadOnlyList<TreeNode>))]
[JsonSerializable(typeof(Usage))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(IReadOnlyList<Token>))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(CreatedToken))]
public sealed partial class RametJson : JsonSerializerContext;
