-- Who comes in, by which proof, and what is sent by mail. Of every token, code and key only a
-- digest is kept; a secret that must be kept, of one-time codes, stands in one column alone.

CREATE TABLE invitation (
    id BLOB NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    zone TEXT NOT NULL,
    invited_by BLOB NOT NULL REFERENCES member (id),
    invited_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- Who it became.
    member BLOB REFERENCES member (id),
    CONSTRAINT invitation_digest UNIQUE (digest)
) STRICT;
CREATE UNIQUE INDEX invitation_open ON invitation (email) WHERE state = 'open';
CREATE INDEX invitation_organisation ON invitation (organisation, invited_at);

CREATE TABLE password_reset (
    digest BLOB NOT NULL PRIMARY KEY,
    member BLOB NOT NULL REFERENCES member (id),
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX password_reset_member ON password_reset (member);

-- Mail to be sent, written with the change it tells of; a row goes once its mail is handed over.
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    -- 1 once nobody tries any more; then the text is gone.
    given_up INTEGER NOT NULL,
    fault TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE given_up = 0;

CREATE TABLE one_time_code (
    member BLOB NOT NULL PRIMARY KEY REFERENCES member (id),
    secret BLOB NOT NULL,
    -- None while the person has not shown that their device gives the same codes.
    confirmed_at INTEGER,
    -- The newest time step whose code was used: no code works twice.
    last_step INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_code (
    member BLOB NOT NULL REFERENCES member (id),
    digest BLOB NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (member, digest)
) STRICT;

CREATE TABLE known_device (
    member BLOB NOT NULL REFERENCES member (id),
    digest BLOB NOT NULL,
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (member, digest)
) STRICT;
CREATE INDEX known_device_age ON known_device (last_seen_at);

-- An account at an identity provider that opens a member's account here.
CREATE TABLE provider_link (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    member BLOB NOT NULL REFERENCES member (id),
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE UNIQUE INDEX provider_link_member ON provider_link (member, issuer);

-- What is remembered between two steps of one sign-in; short-lived, used once.
CREATE TABLE ceremony (
    digest BLOB NOT NULL PRIMARY KEY,
    content TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- By which proof the session was opened, on what kind of device, from which network.
ALTER TABLE session ADD COLUMN proof TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN new_device INTEGER NOT NULL DEFAULT 0;

-- Keys made before this step have no organisation and no end.
ALTER TABLE service_key ADD COLUMN organisation BLOB REFERENCES organisation (id);
ALTER TABLE service_key ADD COLUMN expires_at INTEGER;
ALTER TABLE service_key ADD COLUMN last_used_at INTEGER;
