-- What people said of a pair of text and check. Append only; the last word on a pair counts.
CREATE TABLE match_label (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    source TEXT NOT NULL,
    -- Who; none for a reader of the portal.
    member BLOB REFERENCES member (id),
    fact_check BLOB NOT NULL,
    cluster BLOB,
    -- SHA-256 of the text; of a reader's message a keyed digest, and no text.
    text_digest BLOB NOT NULL,
    text TEXT,
    -- What the machine said then; no probability where it did not suggest the pair.
    probability REAL,
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    model TEXT NOT NULL
) STRICT;
CREATE INDEX match_label_time ON match_label (at, id);
CREATE INDEX match_label_pair ON match_label (text_digest, fact_check, at);
-- One reader, or many, may say it of one message and one check; it is kept once.
CREATE UNIQUE INDEX match_label_reader ON match_label (text_digest, fact_check) WHERE source = 'reader';

CREATE TRIGGER match_label_no_update BEFORE UPDATE ON match_label
BEGIN
    SELECT RAISE(ABORT, 'match_label is append only');
END;
CREATE TRIGGER match_label_no_delete BEFORE DELETE ON match_label
BEGIN
    SELECT RAISE(ABORT, 'match_label is append only');
END;

-- How many first probabilities fell into which of equal bins, by hour since 1970 UTC.
CREATE TABLE score_count (
    hour INTEGER NOT NULL,
    source TEXT NOT NULL,
    bin INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (hour, source, bin)
) STRICT;

CREATE TABLE threshold_change (
    id BLOB NOT NULL PRIMARY KEY,
    match_min REAL NOT NULL,
    probable_min REAL NOT NULL,
    model TEXT NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES member (id),
    proposed_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    decided_by BLOB REFERENCES member (id),
    decided_at INTEGER,
    CONSTRAINT threshold_change_two_people CHECK (state <> 'applied' OR proposed_by <> decided_by),
    CONSTRAINT threshold_change_order CHECK (probable_min < match_min)
) STRICT;
CREATE UNIQUE INDEX threshold_change_open ON threshold_change (state) WHERE state = 'proposed';
CREATE INDEX threshold_change_applied ON threshold_change (decided_at) WHERE state = 'applied';
