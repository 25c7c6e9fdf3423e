-- Passkeys: what a member's device proved itself by. No secret stands here; the private key never
-- leaves the device.

CREATE TABLE passkey (
    id BLOB NOT NULL PRIMARY KEY,
    member BLOB NOT NULL REFERENCES member (id),
    -- The identity the device gave to its key.
    credential BLOB NOT NULL,
    -- What the person calls it.
    name TEXT NOT NULL,
    -- Public key, counter and properties, as JSON.
    content TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    last_used_at INTEGER,
    CONSTRAINT passkey_credential UNIQUE (credential)
) STRICT;
CREATE INDEX passkey_member ON passkey (member, added_at);
