-- Whole tiles of leaf hashes, and of each level above the tile that still grows: any proof is made
-- from a few of these rows. The hashes stand in a row, 32 bytes each.
CREATE TABLE ledger_tile (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT;
CREATE TRIGGER ledger_tile_only_grows BEFORE UPDATE ON ledger_tile
WHEN NEW.level <> OLD.level OR NEW.position <> OLD.position
    OR length(NEW.hashes) <= length(OLD.hashes)
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN
    SELECT RAISE(ABORT, 'ledger_tile is append only');
END;
CREATE TRIGGER ledger_tile_no_delete BEFORE DELETE ON ledger_tile
BEGIN
    SELECT RAISE(ABORT, 'ledger_tile is append only');
END;

-- Other parties that co-sign our checkpoints.
CREATE TABLE ledger_witness (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    vkey TEXT NOT NULL UNIQUE,
    added_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;

-- The last cosignature of each witness on each size of the log.
CREATE TABLE ledger_cosignature (
    witness BLOB NOT NULL REFERENCES ledger_witness (id),
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    -- When the witness says it signed.
    signed_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    -- The line of the signed note.
    line TEXT NOT NULL,
    PRIMARY KEY (witness, size)
) STRICT;
CREATE INDEX ledger_cosignature_size ON ledger_cosignature (size);

CREATE INDEX audit_event_kind ON audit_event (kind, sequence);
CREATE INDEX audit_event_actor ON audit_event (actor, sequence);
CREATE INDEX audit_event_at ON audit_event (at);
