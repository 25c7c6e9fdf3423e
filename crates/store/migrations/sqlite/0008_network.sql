-- The language a member reads in, for mail that no page of theirs causes.
ALTER TABLE member ADD COLUMN language TEXT NOT NULL DEFAULT 'id';

-- Rises with every change of an entry: who changes what they saw before that is told so.
ALTER TABLE organisation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Which reminder of which key has been given; one that is here is not given again.
CREATE TABLE key_reminder (
    service_key BLOB NOT NULL REFERENCES service_key (id),
    days INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (service_key, days)
) STRICT;

-- Minutes of events, by their digest; the event itself says which of them are in force.
CREATE TABLE minutes (
    event BLOB NOT NULL REFERENCES agreement_event (id),
    digest BLOB NOT NULL,
    name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (event, digest)
) STRICT;
