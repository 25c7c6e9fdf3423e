-- Whole tiles of leaf hashes, and of each level above the tile that still grows: any proof is made
-- from a few of these rows. The hashes stand in a row, 32 bytes each.
CREATE TABLE ledger_tile (
    level BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, position)
);
CREATE FUNCTION ledger_tile_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.level = OLD.level AND NEW.position = OLD.position
            AND length(NEW.hashes) > length(OLD.hashes)
            AND substring(NEW.hashes FROM 1 FOR length(OLD.hashes)) = OLD.hashes
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ledger_tile is append only';
END;
$$;
CREATE TRIGGER ledger_tile_no_change BEFORE UPDATE OR DELETE ON ledger_tile
    FOR EACH ROW EXECUTE FUNCTION ledger_tile_only_grows();
CREATE TRIGGER ledger_tile_no_truncate BEFORE TRUNCATE ON ledger_tile
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_tile_only_grows();

-- Other parties that co-sign our checkpoints.
CREATE TABLE ledger_witness (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    vkey TEXT NOT NULL UNIQUE,
    added_at BIGINT NOT NULL,
    removed_at BIGINT
);

-- The last cosignature of each witness on each size of the log.
CREATE TABLE ledger_cosignature (
    witness UUID NOT NULL REFERENCES ledger_witness (id),
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    -- When the witness says it signed.
    signed_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    -- The line of the signed note.
    line TEXT NOT NULL,
    PRIMARY KEY (witness, size)
);
CREATE INDEX ledger_cosignature_size ON ledger_cosignature (size);

CREATE INDEX audit_event_kind ON audit_event (kind, sequence);
CREATE INDEX audit_event_actor ON audit_event (actor, sequence);
CREATE INDEX audit_event_at ON audit_event (at);
