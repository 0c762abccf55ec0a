-- The first schema. STRICT: a column holds its type and nothing else. Ids are UUIDs as text, moments are microseconds
-- since 1970 UTC, enumerations are the numbers that Ramet.Core writes down.
-- ON DELETE RESTRICT: nothing that something depends on is deleted. CASCADE only for rows that are part of another.

CREATE TABLE hosts (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    uri        TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ux_hosts_name ON hosts (name);

CREATE TABLE datastores (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    path       TEXT NOT NULL,
    tier       TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ux_datastores_name ON datastores (name);

CREATE TABLE layers (
    id               TEXT NOT NULL PRIMARY KEY,
    datastore_id     TEXT REFERENCES datastores (id) ON DELETE RESTRICT,
    owner_id         TEXT NOT NULL,
    target           TEXT NOT NULL,
    path             TEXT NOT NULL,
    format           INTEGER NOT NULL,
    state            INTEGER NOT NULL,
    backing_layer_id TEXT REFERENCES layers (id) ON DELETE RESTRICT,
    virtual_size     INTEGER NOT NULL,
    managed          INTEGER NOT NULL,
    digest           TEXT,
    sealed_length    INTEGER,
    sealed_mtime_ns  INTEGER,
    sealed_inode     INTEGER,
    created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_layers_backing_layer_id ON layers (backing_layer_id);
CREATE INDEX ix_layers_datastore_id ON layers (datastore_id);
CREATE UNIQUE INDEX ux_layers_path ON layers (path);

CREATE TABLE virtual_machines (
    id                 TEXT NOT NULL PRIMARY KEY,
    name               TEXT NOT NULL,
    description        TEXT,
    host_id            TEXT NOT NULL REFERENCES hosts (id) ON DELETE RESTRICT,
    lifecycle          INTEGER NOT NULL,
    origin_snapshot_id TEXT REFERENCES snapshots (id) ON DELETE RESTRICT,
    origin_name        TEXT,
    cpus               INTEGER NOT NULL,
    memory_mib         INTEGER NOT NULL,
    firmware           INTEGER NOT NULL,
    cloud_init         INTEGER NOT NULL,
    adopted            INTEGER NOT NULL,
    generation_id      TEXT NOT NULL,
    serial             TEXT NOT NULL,
    machine_id         TEXT,
    hostname           TEXT NOT NULL,
    instance_id        TEXT NOT NULL,
    user_data          TEXT,
    ssh_keys           TEXT,
    seed_path          TEXT,
    created_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_virtual_machines_host_id ON virtual_machines (host_id);
CREATE INDEX ix_virtual_machines_origin_snapshot_id ON virtual_machines (origin_snapshot_id);
CREATE UNIQUE INDEX ux_virtual_machines_name ON virtual_machines (name);

CREATE TABLE vm_disks (
    id       TEXT NOT NULL,
    vm_id    TEXT NOT NULL REFERENCES virtual_machines (id) ON DELETE CASCADE,
    target   TEXT NOT NULL,
    layer_id TEXT NOT NULL REFERENCES layers (id) ON DELETE RESTRICT,
    PRIMARY KEY (vm_id, target)
) STRICT;
CREATE UNIQUE INDEX ux_vm_disks_layer_id ON vm_disks (layer_id);

CREATE TABLE vm_nics (
    id      TEXT NOT NULL,
    vm_id   TEXT NOT NULL REFERENCES virtual_machines (id) ON DELETE CASCADE,
    "index" INTEGER NOT NULL,
    mac     TEXT NOT NULL,
    network TEXT,
    PRIMARY KEY (vm_id, "index")
) STRICT;
CREATE UNIQUE INDEX ux_vm_nics_mac ON vm_nics (mac);

CREATE TABLE snapshots (
    id                 TEXT NOT NULL PRIMARY KEY,
    vm_id              TEXT NOT NULL REFERENCES virtual_machines (id) ON DELETE RESTRICT,
    name               TEXT NOT NULL,
    description        TEXT,
    state              INTEGER NOT NULL,
    parent_snapshot_id TEXT REFERENCES snapshots (id) ON DELETE RESTRICT,
    definition_xml     TEXT NOT NULL,
    quiesced           INTEGER NOT NULL,
    live               INTEGER NOT NULL,
    created_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_snapshots_parent_snapshot_id ON snapshots (parent_snapshot_id);
CREATE UNIQUE INDEX ux_snapshots_vm_id_name ON snapshots (vm_id, name);

CREATE TABLE snapshot_disks (
    id          TEXT NOT NULL,
    snapshot_id TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
    target      TEXT NOT NULL,
    layer_id    TEXT NOT NULL REFERENCES layers (id) ON DELETE RESTRICT,
    PRIMARY KEY (snapshot_id, target)
) STRICT;
CREATE INDEX ix_snapshot_disks_layer_id ON snapshot_disks (layer_id);

CREATE TABLE operations (
    id               TEXT NOT NULL PRIMARY KEY,
    kind             TEXT NOT NULL,
    title            TEXT NOT NULL,
    actor            TEXT NOT NULL,
    state            INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL,
    progress         REAL NOT NULL,
    bytes_done       INTEGER NOT NULL,
    bytes_total      INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    finished_at      INTEGER,
    error_kind       INTEGER,
    error_message    TEXT,
    error_remedy     TEXT,
    warnings         TEXT,
    result           TEXT,
    claims           TEXT NOT NULL
) STRICT;
CREATE INDEX ix_operations_created_at ON operations (created_at);
CREATE INDEX ix_operations_state ON operations (state);

CREATE TABLE operation_steps (
    operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    "index"      INTEGER NOT NULL,
    stage        INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    role         INTEGER NOT NULL,
    arguments    TEXT NOT NULL,
    state        INTEGER NOT NULL,
    progress     REAL NOT NULL,
    error        TEXT,
    PRIMARY KEY (operation_id, "index")
) STRICT;

CREATE TABLE api_tokens (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    hash         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX ux_api_tokens_hash ON api_tokens (hash);
CREATE UNIQUE INDEX ux_api_tokens_name ON api_tokens (name);

CREATE TABLE audit_entries (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    action       TEXT NOT NULL,
    outcome      INTEGER NOT NULL,
    operation_id TEXT
) STRICT;
CREATE INDEX ix_audit_entries_at ON audit_entries (at);
