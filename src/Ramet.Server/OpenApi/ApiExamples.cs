namespace Ramet.Server.OpenApi;

/// <summary>Requests as one would write them, by operation id.</summary>
internal static class ApiExamples
{
    public static readonly IReadOnlyDictionary<string, string> Requests = new Dictionary<string, string>
    {
        ["ImportVm"] = """{ "source": "/srv/images/debian12.qcow2", "name": "debian12", "cpus": 2, "memoryMiB": 1024 }""",
        ["AdoptVm"] = """{ "domain": "build-server", "cloudInit": "no" }""",
        ["CreateSnapshot"] = """{ "name": "v1", "description": "with the course's packages" }""",
        ["CloneVm"] = """{ "source": "debian12@v1", "name": "seat-{01..10}", "start": true }""",
        ["StartVms"] = """{ "names": ["seat-*"] }""",
        ["StopVms"] = """{ "names": ["seat-01", "seat-02"], "graceSeconds": 30 }""",
        ["RestartVms"] = """{ "allClonesOf": "debian12@v1" }""",
        ["RefreshVms"] = """{ "allClonesOf": "debian12@v1", "force": true }""",
        ["PromoteVms"] = """{ "names": ["seat-01"] }""",
        ["DeleteVms"] = """{ "names": ["debian12"], "promoteClones": true }""",
        ["PreviewDelete"] = """{ "names": ["debian12"] }""",
        ["AddDatastore"] = """{ "name": "fast", "path": "/srv/nvme/ramet", "tier": "nvme" }""",
        ["CreateToken"] = """{ "name": "ci", "expiresInDays": 90 }""",
    };
}
