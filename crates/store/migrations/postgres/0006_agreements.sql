-- Agreements: the terms as they are signed and the state they are in, each as one text that the
-- program alone reads; beside them what lists are searched and ordered by.
CREATE TABLE agreement (
    id UUID NOT NULL PRIMARY KEY,
    form TEXT NOT NULL,
    title TEXT NOT NULL,
    parent UUID REFERENCES agreement (id),
    renews UUID REFERENCES agreement (id),
    -- Days since 1970-01-01.
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    terms TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    proposed_by UUID NOT NULL REFERENCES organisation (id),
    proposed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX agreement_ends ON agreement (state, ends, id);
CREATE INDEX agreement_parent ON agreement (parent);

CREATE TABLE agreement_party (
    agreement UUID NOT NULL REFERENCES agreement (id),
    organisation UUID NOT NULL REFERENCES organisation (id),
    place BIGINT NOT NULL,
    PRIMARY KEY (agreement, organisation)
);
CREATE INDEX agreement_party_organisation ON agreement_party (organisation);

-- Bytes by their digest; an agreement keeps the same document once.
CREATE TABLE document (
    digest BYTEA NOT NULL,
    agreement UUID NOT NULL REFERENCES agreement (id),
    name TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (agreement, digest)
);

CREATE TABLE obligation (
    id UUID NOT NULL PRIMARY KEY,
    agreement UUID NOT NULL REFERENCES agreement (id),
    organisation UUID NOT NULL REFERENCES organisation (id),
    text TEXT NOT NULL,
    due BIGINT NOT NULL,
    tie TEXT NOT NULL,
    wanted BIGINT NOT NULL,
    done BIGINT
);
CREATE INDEX obligation_agreement ON obligation (agreement, due);
CREATE INDEX obligation_organisation ON obligation (organisation, due);

CREATE TABLE agreement_event (
    id UUID NOT NULL PRIMARY KEY,
    agreement UUID NOT NULL REFERENCES agreement (id),
    kind TEXT NOT NULL,
    organisation UUID NOT NULL REFERENCES organisation (id),
    day BIGINT NOT NULL,
    place TEXT NOT NULL,
    subject TEXT NOT NULL,
    attendance TEXT NOT NULL,
    decision TEXT NOT NULL,
    minutes BYTEA,
    member UUID NOT NULL REFERENCES member (id),
    at BIGINT NOT NULL
);
CREATE INDEX agreement_event_agreement ON agreement_event (agreement, day DESC);
CREATE INDEX agreement_event_organisation ON agreement_event (organisation, kind, day);

-- Which reminder of which agreement has been given; one that is here is not given again.
CREATE TABLE agreement_reminder (
    agreement UUID NOT NULL REFERENCES agreement (id),
    days BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (agreement, days)
);

-- Rises whenever what somebody may see or do may have changed.
INSERT INTO counter (name, value) VALUES ('access_version', 0);
