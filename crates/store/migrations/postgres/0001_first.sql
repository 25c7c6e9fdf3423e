-- Ids are UUIDs, times are microseconds UTC, flags are 0 or 1. Both folders hold the same
-- numbers; only the names of the types and the triggers differ.

CREATE TABLE organisation (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT,
    homepage TEXT
);

CREATE TABLE member (
    id UUID NOT NULL PRIMARY KEY,
    organisation UUID NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    zone TEXT NOT NULL,
    active BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    CONSTRAINT member_email UNIQUE (email)
);

-- Only digests of session tokens are kept.
CREATE TABLE session (
    digest BYTEA NOT NULL PRIMARY KEY,
    member UUID NOT NULL REFERENCES member (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX session_member ON session (member);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE service_key (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    posts_per_second BIGINT NOT NULL,
    posts_per_day BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CONSTRAINT service_key_digest UNIQUE (digest)
);

CREATE TABLE key_usage (
    service_key UUID NOT NULL REFERENCES service_key (id),
    day BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    PRIMARY KEY (service_key, day)
);

CREATE TABLE fact_check (
    id UUID NOT NULL PRIMARY KEY,
    publisher TEXT NOT NULL,
    external_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    organisation UUID REFERENCES organisation (id),
    author UUID REFERENCES member (id),
    reviewer UUID REFERENCES member (id),
    claim TEXT NOT NULL,
    rating TEXT NOT NULL,
    label TEXT NOT NULL,
    deception TEXT,
    explanation TEXT NOT NULL,
    narrative TEXT,
    evidence TEXT NOT NULL,
    url TEXT,
    published_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    CONSTRAINT fact_check_source UNIQUE (publisher, external_id),
    CONSTRAINT fact_check_two_people CHECK (author IS NULL OR author <> reviewer)
);
CREATE INDEX fact_check_latest ON fact_check (published_at DESC, id DESC);
CREATE INDEX fact_check_rating ON fact_check (rating, published_at DESC, id DESC);
CREATE UNIQUE INDEX fact_check_revision ON fact_check (revision);

-- A read model of the stream: absolute values, written again as often as wished.
CREATE TABLE cluster (
    id UUID NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    born_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    texts BIGINT NOT NULL,
    reach BIGINT NOT NULL,
    posts_per_hour BIGINT NOT NULL,
    heat DOUBLE PRECISION NOT NULL,
    answer TEXT NOT NULL,
    -- The check that answers best: confirmed, or else suggested and not rejected.
    fact_check UUID,
    probability DOUBLE PRECISION,
    region TEXT,
    lang TEXT,
    -- Channels and regions as one searchable word list: |c:x|r:15.05|
    seen_in TEXT NOT NULL,
    growth BYTEA NOT NULL,
    text TEXT NOT NULL,
    facets TEXT NOT NULL
);
-- The radar walks this index from the hottest cluster down; what it filters by stands in it.
CREATE INDEX cluster_radar ON cluster
    (heat DESC, id DESC, last_seen_at, answer, seen_in, state, born_at, posts, posts_per_hour, fact_check)
    WHERE state <> 'closed';
CREATE INDEX cluster_closed ON cluster (last_seen_at) WHERE state = 'closed';

-- Apart from the cluster, so that a search through all texts reads a fifth as much.
CREATE TABLE cluster_examples (
    cluster UUID NOT NULL PRIMARY KEY REFERENCES cluster (id) ON DELETE CASCADE,
    examples TEXT NOT NULL
);

CREATE TABLE cluster_match (
    cluster UUID NOT NULL REFERENCES cluster (id) ON DELETE CASCADE,
    fact_check UUID NOT NULL,
    -- 1 while the machine suggests it; an editor may add a match that the machine did not see.
    suggested BIGINT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    word TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_by UUID REFERENCES member (id),
    decided_at BIGINT,
    PRIMARY KEY (cluster, fact_check)
);
CREATE INDEX cluster_match_decided ON cluster_match (cluster) WHERE state <> 'suggested';
CREATE INDEX cluster_match_fact_check ON cluster_match (fact_check);

CREATE TABLE stream_hour (
    hour BIGINT NOT NULL PRIMARY KEY,
    posts BIGINT NOT NULL,
    copies BIGINT NOT NULL,
    matched BIGINT NOT NULL
);

CREATE TABLE desk_case (
    id UUID NOT NULL PRIMARY KEY,
    cluster UUID NOT NULL REFERENCES cluster (id),
    organisation UUID NOT NULL REFERENCES organisation (id),
    title TEXT NOT NULL,
    opened_by UUID NOT NULL REFERENCES member (id),
    opened_at BIGINT NOT NULL,
    draft TEXT NOT NULL,
    authors TEXT NOT NULL,
    state TEXT NOT NULL,
    live BIGINT NOT NULL,
    -- Whose turn it is or whose word ended it; which of these stand follows from the state.
    holder UUID REFERENCES member (id),
    author UUID REFERENCES member (id),
    reviewer UUID REFERENCES member (id),
    note TEXT,
    fact_check UUID REFERENCES fact_check (id),
    -- When the state was entered, or the holder's last sign.
    moved_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX desk_case_live ON desk_case (cluster, organisation) WHERE live = 1;
CREATE INDEX desk_case_desk ON desk_case (organisation, live, moved_at DESC, id DESC);
CREATE INDEX desk_case_holder ON desk_case (holder) WHERE live = 1;
CREATE INDEX desk_case_author ON desk_case (author) WHERE live = 1;

-- The cluster may be written after the tip that started it.
CREATE TABLE tip (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    region TEXT,
    received_at BIGINT NOT NULL,
    cluster UUID,
    CONSTRAINT tip_code UNIQUE (code)
);
CREATE INDEX tip_latest ON tip (received_at DESC, id DESC);
CREATE INDEX tip_cluster ON tip (cluster);

CREATE TABLE feed (
    id UUID NOT NULL PRIMARY KEY,
    organisation UUID REFERENCES organisation (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    active BIGINT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    next_poll_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    last_error TEXT,
    items BIGINT NOT NULL,
    CONSTRAINT feed_url UNIQUE (url)
);
CREATE INDEX feed_due ON feed (next_poll_at) WHERE active = 1;

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('fact_check_revision', 0);

-- Append only: sequence n is leaf n - 1 of the ledger.
CREATE TABLE audit_event (
    sequence BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor UUID,
    kind TEXT NOT NULL,
    subject UUID NOT NULL,
    note TEXT NOT NULL,
    leaf BYTEA NOT NULL
);
CREATE INDEX audit_event_subject ON audit_event (subject, sequence);

CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_event is append only';
END;
$$;
CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_append_only();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only();

CREATE TABLE ledger_head (
    id BIGINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    frontier BYTEA NOT NULL
);
