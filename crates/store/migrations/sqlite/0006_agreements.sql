-- Agreements: the terms as they are signed and the state they are in, each as one text that the
-- program alone reads; beside them what lists are searched and ordered by.
CREATE TABLE agreement (
    id BLOB NOT NULL PRIMARY KEY,
    form TEXT NOT NULL,
    title TEXT NOT NULL,
    parent BLOB REFERENCES agreement (id),
    renews BLOB REFERENCES agreement (id),
    -- Days since 1970-01-01.
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    terms TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES organisation (id),
    proposed_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX agreement_ends ON agreement (state, ends, id);
CREATE INDEX agreement_parent ON agreement (parent);

CREATE TABLE agreement_party (
    agreement BLOB NOT NULL REFERENCES agreement (id),
    organisation BLOB NOT NULL REFERENCES organisation (id),
    place INTEGER NOT NULL,
    PRIMARY KEY (agreement, organisation)
) STRICT;
CREATE INDEX agreement_party_organisation ON agreement_party (organisation);

-- Bytes by their digest; an agreement keeps the same document once.
CREATE TABLE document (
    digest BLOB NOT NULL,
    agreement BLOB NOT NULL REFERENCES agreement (id),
    name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (agreement, digest)
) STRICT;

CREATE TABLE obligation (
    id BLOB NOT NULL PRIMARY KEY,
    agreement BLOB NOT NULL REFERENCES agreement (id),
    organisation BLOB NOT NULL REFERENCES organisation (id),
    text TEXT NOT NULL,
    due INTEGER NOT NULL,
    tie TEXT NOT NULL,
    wanted INTEGER NOT NULL,
    done INTEGER
) STRICT;
CREATE INDEX obligation_agreement ON obligation (agreement, due);
CREATE INDEX obligation_organisation ON obligation (organisation, due);

CREATE TABLE agreement_event (
    id BLOB NOT NULL PRIMARY KEY,
    agreement BLOB NOT NULL REFERENCES agreement (id),
    kind TEXT NOT NULL,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    day INTEGER NOT NULL,
    place TEXT NOT NULL,
    subject TEXT NOT NULL,
    attendance TEXT NOT NULL,
    decision TEXT NOT NULL,
    minutes BLOB,
    member BLOB NOT NULL REFERENCES member (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX agreement_event_agreement ON agreement_event (agreement, day DESC);
CREATE INDEX agreement_event_organisation ON agreement_event (organisation, kind, day);

-- Which reminder of which agreement has been given; one that is here is not given again.
CREATE TABLE agreement_reminder (
    agreement BLOB NOT NULL REFERENCES agreement (id),
    days INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (agreement, days)
) STRICT;

-- Rises whenever what somebody may see or do may have changed.
INSERT INTO counter (name, value) VALUES ('access_version', 0);
