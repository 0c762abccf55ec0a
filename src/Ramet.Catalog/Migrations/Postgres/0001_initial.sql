-- The first schema; the same as SQLite's but for the types. COLLATE "C": names sort as they do in
-- SQLite, whatever the server's locale.
-- ON DELETE RESTRICT: nothing that something depends on is deleted. CASCADE only for rows that are part of another.

CREATE TABLE hosts (
    id         uuid PRIMARY KEY,
    name       text COLLATE "C" NOT NULL,
    uri        text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX ux_hosts_name ON hosts (name);

CREATE TABLE datastores (
    id         uuid PRIMARY KEY,
    name       text COLLATE "C" NOT NULL,
    path       text NOT NULL,
    tier       text,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX ux_datastores_name ON datastores (name);

CREATE TABLE layers (
    id               uuid PRIMARY KEY,
    datastore_id     uuid REFERENCES datastores (id) ON DELETE RESTRICT,
    owner_id         uuid NOT NULL,
    target           text NOT NULL,
    path             text NOT NULL,
    format           integer NOT NULL,
    state            integer NOT NULL,
    backing_layer_id uuid REFERENCES layers (id) ON DELETE RESTRICT,
    virtual_size     bigint NOT NULL,
    managed          boolean NOT NULL,
    digest           text,
    sealed_length    bigint,
    sealed_mtime_ns  bigint,
    sealed_inode     bigint,
    created_at       timestamptz NOT NULL
);
CREATE INDEX ix_layers_backing_layer_id ON layers (backing_layer_id);
CREATE INDEX ix_layers_datastore_id ON layers (datastore_id);
CREATE UNIQUE INDEX ux_layers_path ON layers (path);

CREATE TABLE virtual_machines (
    id                 uuid PRIMARY KEY,
    name               text COLLATE "C" NOT NULL,
    description        text,
    host_id            uuid NOT NULL REFERENCES hosts (id) ON DELETE RESTRICT,
    lifecycle          integer NOT NULL,
    origin_snapshot_id uuid,
    origin_name        text,
    cpus               integer NOT NULL,
    memory_mib         integer NOT NULL,
    firmware           integer NOT NULL,
    cloud_init         integer NOT NULL,
    adopted            boolean NOT NULL,
    generation_id      uuid NOT NULL,
    serial             text NOT NULL,
    machine_id         text,
    hostname           text NOT NULL,
    instance_id        text NOT NULL,
    user_data          text,
    ssh_keys           text,
    seed_path          text,
    created_at         timestamptz NOT NULL
);
CREATE INDEX ix_virtual_machines_host_id ON virtual_machines (host_id);
CREATE INDEX ix_virtual_machines_origin_snapshot_id ON virtual_machines (origin_snapshot_id);
CREATE UNIQUE INDEX ux_virtual_machines_name ON virtual_machines (name);

CREATE TABLE vm_disks (
    id       uuid NOT NULL,
    vm_id    uuid NOT NULL REFERENCES virtual_machines (id) ON DELETE CASCADE,
    target   text COLLATE "C" NOT NULL,
    layer_id uuid NOT NULL REFERENCES layers (id) ON DELETE RESTRICT,
    PRIMARY KEY (vm_id, target)
);
CREATE UNIQUE INDEX ux_vm_disks_layer_id ON vm_disks (layer_id);

CREATE TABLE vm_nics (
    id      uuid NOT NULL,
    vm_id   uuid NOT NULL REFERENCES virtual_machines (id) ON DELETE CASCADE,
    "index" integer NOT NULL,
    mac     text NOT NULL,
    network text,
    PRIMARY KEY (vm_id, "index")
);
CREATE UNIQUE INDEX ux_vm_nics_mac ON vm_nics (mac);

CREATE TABLE snapshots (
    id                 uuid PRIMARY KEY,
    vm_id              uuid NOT NULL REFERENCES virtual_machines (id) ON DELETE RESTRICT,
    name               text COLLATE "C" NOT NULL,
    description        text,
    state              integer NOT NULL,
    parent_snapshot_id uuid REFERENCES snapshots (id) ON DELETE RESTRICT,
    definition_xml     text NOT NULL,
    quiesced           boolean NOT NULL,
    live               boolean NOT NULL,
    created_at         timestamptz NOT NULL
);
CREATE INDEX ix_snapshots_parent_snapshot_id ON snapshots (parent_snapshot_id);
CREATE UNIQUE INDEX ux_snapshots_vm_id_name ON snapshots (vm_id, name);

CREATE TABLE snapshot_disks (
    id          uuid NOT NULL,
    snapshot_id uuid NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
    target      text COLLATE "C" NOT NULL,
    layer_id    uuid NOT NULL REFERENCES layers (id) ON DELETE RESTRICT,
    PRIMARY KEY (snapshot_id, target)
);
CREATE INDEX ix_snapshot_disks_layer_id ON snapshot_disks (layer_id);

CREATE TABLE operations (
    id               uuid PRIMARY KEY,
    kind             text NOT NULL,
    title            text NOT NULL,
    actor            text NOT NULL,
    state            integer NOT NULL,
    cancel_requested boolean NOT NULL,
    progress         double precision NOT NULL,
    bytes_done       bigint NOT NULL,
    bytes_total      bigint NOT NULL,
    created_at       timestamptz NOT NULL,
    finished_at      timestamptz,
    error_kind       integer,
    error_message    text,
    error_remedy     text,
    warnings         text,
    result           text,
    claims           text NOT NULL
);
CREATE INDEX ix_operations_created_at ON operations (created_at);
CREATE INDEX ix_operations_state ON operations (state);

CREATE TABLE operation_steps (
    operation_id uuid NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    "index"      integer NOT NULL,
    stage        integer NOT NULL,
    kind         text NOT NULL,
    title        text NOT NULL,
    role         integer NOT NULL,
    arguments    text NOT NULL,
    state        integer NOT NULL,
    progress     double precision NOT NULL,
    error        text,
    PRIMARY KEY (operation_id, "index")
);

CREATE TABLE api_tokens (
    id           uuid PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,
    hash         text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz
);
CREATE UNIQUE INDEX ux_api_tokens_hash ON api_tokens (hash);
CREATE UNIQUE INDEX ux_api_tokens_name ON api_tokens (name);

CREATE TABLE audit_entries (
    id           bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    actor        text NOT NULL,
    action       text NOT NULL,
    outcome      integer NOT NULL,
    operation_id uuid
);
CREATE INDEX ix_audit_entries_at ON audit_entries (at);

-- Snapshots belong to VMs, and clones come from snapshots.
ALTER TABLE virtual_machines ADD FOREIGN KEY (origin_snapshot_id) REFERENCES snapshots (id) ON DELETE RESTRICT;
