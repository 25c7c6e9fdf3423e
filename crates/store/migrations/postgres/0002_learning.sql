-- What people said of a pair of text and check. Append only; the last word on a pair counts.
CREATE TABLE match_label (
    id UUID NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    source TEXT NOT NULL,
    -- Who; none for a reader of the portal.
    member UUID REFERENCES member (id),
    fact_check UUID NOT NULL,
    cluster UUID,
    -- SHA-256 of the text; of a reader's message a keyed digest, and no text.
    text_digest BYTEA NOT NULL,
    text TEXT,
    -- What the machine said then; no probability where it did not suggest the pair.
    probability DOUBLE PRECISION,
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    model TEXT NOT NULL
);
CREATE INDEX match_label_time ON match_label (at, id);
CREATE INDEX match_label_pair ON match_label (text_digest, fact_check, at);
-- One reader, or many, may say it of one message and one check; it is kept once.
CREATE UNIQUE INDEX match_label_reader ON match_label (text_digest, fact_check) WHERE source = 'reader';

CREATE FUNCTION match_label_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'match_label is append only';
END;
$$;
CREATE TRIGGER match_label_no_change BEFORE UPDATE OR DELETE ON match_label
    FOR EACH ROW EXECUTE FUNCTION match_label_append_only();
CREATE TRIGGER match_label_no_truncate BEFORE TRUNCATE ON match_label
    FOR EACH STATEMENT EXECUTE FUNCTION match_label_append_only();

-- How many first probabilities fell into which of equal bins, by hour since 1970 UTC.
CREATE TABLE score_count (
    hour BIGINT NOT NULL,
    source TEXT NOT NULL,
    bin BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (hour, source, bin)
);

CREATE TABLE threshold_change (
    id UUID NOT NULL PRIMARY KEY,
    match_min DOUBLE PRECISION NOT NULL,
    probable_min DOUBLE PRECISION NOT NULL,
    model TEXT NOT NULL,
    proposed_by UUID NOT NULL REFERENCES member (id),
    proposed_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by UUID REFERENCES member (id),
    decided_at BIGINT,
    CONSTRAINT threshold_change_two_people CHECK (state <> 'applied' OR proposed_by <> decided_by),
    CONSTRAINT threshold_change_order CHECK (probable_min < match_min)
);
CREATE UNIQUE INDEX threshold_change_open ON threshold_change (state) WHERE state = 'proposed';
CREATE INDEX threshold_change_applied ON threshold_change (decided_at) WHERE state = 'applied';
