namespace Ramet.Contracts;

/// <summary>
/// Every address of the API, once. Calls that change something answer 202 with an <see cref="Operation"/> and its address
/// in Location, except tokens and datastores, which are done at once.
/// </summary>
public static class Routes
{
    public const string Base = "/api/v1";

    /// <summary>GET → <see cref="VersionInfo"/>.</summary>
    public const string Version = Base + "/version";
    /// <summary>GET → list of <see cref="Host"/>.</summary>
    public const string Hosts = Base + "/hosts";
    /// <summary>GET → list of <see cref="Datastore"/>; POST <see cref="DatastoreRequest"/> → 201 <see cref="Datastore"/>.</summary>
    public const string Datastores = Base + "/datastores";
    /// <summary>GET ?name=PATTERN (repeatable) &amp;allClonesOf=SNAPSHOT → list of <see cref="VirtualMachine"/>.</summary>
    public const string Vms = Base + "/vms";
    /// <summary>GET → <see cref="VirtualMachine"/> with chains.</summary>
    public const string Vm = Base + "/vms/{vm}";
    /// <summary>POST <see cref="ImportRequest"/>.</summary>
    public const string Import = Base + "/vms/import";
    /// <summary>POST <see cref="AdoptRequest"/>.</summary>
    public const string Adopt = Base + "/vms/adopt";
    /// <summary>POST <see cref="CloneRequest"/>.</summary>
    public const string Clone = Base + "/vms/clone";
    /// <summary>POST <see cref="VmSelection"/>.</summary>
    public const string Start = Base + "/vms/start";
    /// <summary>POST <see cref="StopRequest"/>.</summary>
    public const string Stop = Base + "/vms/stop";
    /// <summary>POST <see cref="StopRequest"/>.</summary>
    public const string Restart = Base + "/vms/restart";
    /// <summary>POST <see cref="StopRequest"/>: back to the snapshot each was cloned from; a running VM needs force.</summary>
    public const string Refresh = Base + "/vms/refresh";
    /// <summary>POST <see cref="VmSelection"/>.</summary>
    public const string Promote = Base + "/vms/promote";
    /// <summary>POST <see cref="DeleteRequest"/>.</summary>
    public const string Delete = Base + "/vms/delete";
    /// <summary>POST <see cref="DeleteRequest"/> → <see cref="DeletePreview"/>; changes nothing.</summary>
    public const string DeletePreview = Base + "/vms/delete/preview";
    /// <summary>GET → list of <see cref="Address"/>.</summary>
    public const string Addresses = Base + "/vms/{vm}/addresses";
    /// <summary>GET, WebSocket, binary frames both ways; ?force=true takes it from whoever has it.</summary>
    public const string Console = Base + "/vms/{vm}/console";
    /// <summary>GET → list of <see cref="Snapshot"/>; POST <see cref="SnapshotRequest"/>.</summary>
    public const string Snapshots = Base + "/vms/{vm}/snapshots";
    /// <summary>GET ?vm=NAME → list of <see cref="TreeNode"/>.</summary>
    public const string Tree = Base + "/tree";
    /// <summary>GET ?name=PATTERN (repeatable) → <see cref="Contracts.Usage"/>.</summary>
    public const string Usage = Base + "/usage";
    /// <summary>GET ?state=STATE &amp;limit=N → list of <see cref="Operation"/>, newest first, without steps.</summary>
    public const string Operations = Base + "/operations";
    /// <summary>GET → <see cref="Contracts.Operation"/> with steps; ?wait=SECONDS (at most 60) answers when it has finished or the time is over.</summary>
    public const string Operation = Base + "/operations/{id}";
    /// <summary>POST → 202 <see cref="Contracts.Operation"/>.</summary>
    public const string OperationCancel = Base + "/operations/{id}/cancel";
    /// <summary>GET, server-sent events of <see cref="Event"/>; ?operation=ID only that one's; Last-Event-ID goes on after it.</summary>
    public const string Events = Base + "/events";
    /// <summary>GET → list of <see cref="Token"/>; POST <see cref="TokenRequest"/> → 201 <see cref="CreatedToken"/>.</summary>
    public const string Tokens = Base + "/tokens";
    /// <summary>DELETE → 204.</summary>
    public const string Token = Base + "/tokens/{name}";
    /// <summary>GET ?verify=true (digests too) → <see cref="DoctorReport"/>.</summary>
    public const string Doctor = Base + "/doctor";
    /// <summary>GET → the OpenAPI 3.1 document; needs no authentication.</summary>
    public const string OpenApi = "/openapi/v1.json";
}
