-- Who comes in, by which proof, and what is sent by mail. Of every token, code and key only a
-- digest is kept; a secret that must be kept, of one-time codes, stands in one column alone.

CREATE TABLE invitation (
    id UUID NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    organisation UUID NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    zone TEXT NOT NULL,
    invited_by UUID NOT NULL REFERENCES member (id),
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Who it became.
    member UUID REFERENCES member (id),
    CONSTRAINT invitation_digest UNIQUE (digest)
);
CREATE UNIQUE INDEX invitation_open ON invitation (email) WHERE state = 'open';
CREATE INDEX invitation_organisation ON invitation (organisation, invited_at);

CREATE TABLE password_reset (
    digest BYTEA NOT NULL PRIMARY KEY,
    member UUID NOT NULL REFERENCES member (id),
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_reset_member ON password_reset (member);

-- Mail to be sent, written with the change it tells of; a row goes once its mail is handed over.
CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    -- 1 once nobody tries any more; then the text is gone.
    given_up BIGINT NOT NULL,
    fault TEXT NOT NULL
);
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE given_up = 0;

CREATE TABLE one_time_code (
    member UUID NOT NULL PRIMARY KEY REFERENCES member (id),
    secret BYTEA NOT NULL,
    -- None while the person has not shown that their device gives the same codes.
    confirmed_at BIGINT,
    -- The newest time step whose code was used: no code works twice.
    last_step BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    member UUID NOT NULL REFERENCES member (id),
    digest BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (member, digest)
);

CREATE TABLE known_device (
    member UUID NOT NULL REFERENCES member (id),
    digest BYTEA NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (member, digest)
);
CREATE INDEX known_device_age ON known_device (last_seen_at);

-- An account at an identity provider that opens a member's account here.
CREATE TABLE provider_link (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    member UUID NOT NULL REFERENCES member (id),
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX provider_link_member ON provider_link (member, issuer);

-- What is remembered between two steps of one sign-in; short-lived, used once.
CREATE TABLE ceremony (
    digest BYTEA NOT NULL PRIMARY KEY,
    content TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- By which proof the session was opened, on what kind of device, from which network.
ALTER TABLE session ADD COLUMN proof TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN new_device BIGINT NOT NULL DEFAULT 0;

-- Keys made before this step have no organisation and no end.
ALTER TABLE service_key ADD COLUMN organisation UUID REFERENCES organisation (id);
ALTER TABLE service_key ADD COLUMN expires_at BIGINT;
ALTER TABLE service_key ADD COLUMN last_used_at BIGINT;
