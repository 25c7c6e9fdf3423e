-- The language a member reads in, for mail that no page of theirs causes.
ALTER TABLE member ADD COLUMN language TEXT NOT NULL DEFAULT 'id';

-- Rises with every change of an entry: who changes what they saw before that is told so.
ALTER TABLE organisation ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Which reminder of which key has been given; one that is here is not given again.
CREATE TABLE key_reminder (
    service_key UUID NOT NULL REFERENCES service_key (id),
    days BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (service_key, days)
);

-- Minutes of events, by their digest; the event itself says which of them are in force.
CREATE TABLE minutes (
    event UUID NOT NULL REFERENCES agreement_event (id),
    digest BYTEA NOT NULL,
    name TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (event, digest)
);
