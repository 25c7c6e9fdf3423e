-- Passkeys: what a member's device proved itself by. No secret stands here; the private key never
-- leaves the device.

CREATE TABLE passkey (
    id UUID NOT NULL PRIMARY KEY,
    member UUID NOT NULL REFERENCES member (id),
    -- The identity the device gave to its key.
    credential BYTEA NOT NULL,
    -- What the person calls it.
    name TEXT NOT NULL,
    -- Public key, counter and properties, as JSON.
    content TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    last_used_at BIGINT,
    CONSTRAINT passkey_credential UNIQUE (credential)
);
CREATE INDEX passkey_member ON passkey (member, added_at);
