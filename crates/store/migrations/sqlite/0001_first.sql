-- Ids are UUIDs, times are microseconds UTC, flags are 0 or 1. Both folders hold the same
-- numbers; only the names of the types and the triggers differ.

CREATE TABLE organisation (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT,
    homepage TEXT
) STRICT;

CREATE TABLE member (
    id BLOB NOT NULL PRIMARY KEY,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    zone TEXT NOT NULL,
    active INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    CONSTRAINT member_email UNIQUE (email)
) STRICT;

-- Only digests of session tokens are kept.
CREATE TABLE session (
    digest BLOB NOT NULL PRIMARY KEY,
    member BLOB NOT NULL REFERENCES member (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_member ON session (member);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE service_key (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    scopes TEXT NOT NULL,
    posts_per_second INTEGER NOT NULL,
    posts_per_day INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    CONSTRAINT service_key_digest UNIQUE (digest)
) STRICT;

CREATE TABLE key_usage (
    service_key BLOB NOT NULL REFERENCES service_key (id),
    day INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    PRIMARY KEY (service_key, day)
) STRICT;

CREATE TABLE fact_check (
    id BLOB NOT NULL PRIMARY KEY,
    publisher TEXT NOT NULL,
    external_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    organisation BLOB REFERENCES organisation (id),
    author BLOB REFERENCES member (id),
    reviewer BLOB REFERENCES member (id),
    claim TEXT NOT NULL,
    rating TEXT NOT NULL,
    label TEXT NOT NULL,
    deception TEXT,
    explanation TEXT NOT NULL,
    narrative TEXT,
    evidence TEXT NOT NULL,
    url TEXT,
    published_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    CONSTRAINT fact_check_source UNIQUE (publisher, external_id),
    CONSTRAINT fact_check_two_people CHECK (author IS NULL OR author <> reviewer)
) STRICT;
CREATE INDEX fact_check_latest ON fact_check (published_at DESC, id DESC);
CREATE INDEX fact_check_rating ON fact_check (rating, published_at DESC, id DESC);
CREATE UNIQUE INDEX fact_check_revision ON fact_check (revision);

-- A read model of the stream: absolute values, written again as often as wished.
CREATE TABLE cluster (
    id BLOB NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    born_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    reach INTEGER NOT NULL,
    posts_per_hour INTEGER NOT NULL,
    heat REAL NOT NULL,
    answer TEXT NOT NULL,
    -- The check that answers best: confirmed, or else suggested and not rejected.
    fact_check BLOB,
    probability REAL,
    region TEXT,
    lang TEXT,
    -- Channels and regions as one searchable word list: |c:x|r:15.05|
    seen_in TEXT NOT NULL,
    growth BLOB NOT NULL,
    text TEXT NOT NULL,
    facets TEXT NOT NULL
) STRICT;
-- The radar walks this index from the hottest cluster down; what it filters by stands in it.
CREATE INDEX cluster_radar ON cluster
    (heat DESC, id DESC, last_seen_at, answer, seen_in, state, born_at, posts, posts_per_hour, fact_check)
    WHERE state <> 'closed';
CREATE INDEX cluster_closed ON cluster (last_seen_at) WHERE state = 'closed';

-- Apart from the cluster, so that a search through all texts reads a fifth as much.
CREATE TABLE cluster_examples (
    cluster BLOB NOT NULL PRIMARY KEY REFERENCES cluster (id) ON DELETE CASCADE,
    examples TEXT NOT NULL
) STRICT;

CREATE TABLE cluster_match (
    cluster BLOB NOT NULL REFERENCES cluster (id) ON DELETE CASCADE,
    fact_check BLOB NOT NULL,
    -- 1 while the machine suggests it; an editor may add a match that the machine did not see.
    suggested INTEGER NOT NULL,
    probability REAL NOT NULL,
    word TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_by BLOB REFERENCES member (id),
    decided_at INTEGER,
    PRIMARY KEY (cluster, fact_check)
) STRICT;
CREATE INDEX cluster_match_decided ON cluster_match (cluster) WHERE state <> 'suggested';
CREATE INDEX cluster_match_fact_check ON cluster_match (fact_check);

CREATE TABLE stream_hour (
    hour INTEGER NOT NULL PRIMARY KEY,
    posts INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    matched INTEGER NOT NULL
) STRICT;

CREATE TABLE desk_case (
    id BLOB NOT NULL PRIMARY KEY,
    cluster BLOB NOT NULL REFERENCES cluster (id),
    organisation BLOB NOT NULL REFERENCES organisation (id),
    title TEXT NOT NULL,
    opened_by BLOB NOT NULL REFERENCES member (id),
    opened_at INTEGER NOT NULL,
    draft TEXT NOT NULL,
    authors TEXT NOT NULL,
    state TEXT NOT NULL,
    live INTEGER NOT NULL,
    -- Whose turn it is or whose word ended it; which of these stand follows from the state.
    holder BLOB REFERENCES member (id),
    author BLOB REFERENCES member (id),
    reviewer BLOB REFERENCES member (id),
    note TEXT,
    fact_check BLOB REFERENCES fact_check (id),
    -- When the state was entered, or the holder's last sign.
    moved_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX desk_case_live ON desk_case (cluster, organisation) WHERE live = 1;
CREATE INDEX desk_case_desk ON desk_case (organisation, live, moved_at DESC, id DESC);
CREATE INDEX desk_case_holder ON desk_case (holder) WHERE live = 1;
CREATE INDEX desk_case_author ON desk_case (author) WHERE live = 1;

-- The cluster may be written after the tip that started it.
CREATE TABLE tip (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    region TEXT,
    received_at INTEGER NOT NULL,
    cluster BLOB,
    CONSTRAINT tip_code UNIQUE (code)
) STRICT;
CREATE INDEX tip_latest ON tip (received_at DESC, id DESC);
CREATE INDEX tip_cluster ON tip (cluster);

CREATE TABLE feed (
    id BLOB NOT NULL PRIMARY KEY,
    organisation BLOB REFERENCES organisation (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    active INTEGER NOT NULL,
    etag TEXT,
    last_modified TEXT,
    next_poll_at INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    last_error TEXT,
    items INTEGER NOT NULL,
    CONSTRAINT feed_url UNIQUE (url)
) STRICT;
CREATE INDEX feed_due ON feed (next_poll_at) WHERE active = 1;

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counter (name, value) VALUES ('fact_check_revision', 0);

-- Append only: sequence n is leaf n - 1 of the ledger.
CREATE TABLE audit_event (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor BLOB,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    note TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX audit_event_subject ON audit_event (subject, sequence);

CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'audit_event is append only');
END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'audit_event is append only');
END;

CREATE TABLE ledger_head (
    id INTEGER NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    frontier BLOB NOT NULL
) STRICT;
