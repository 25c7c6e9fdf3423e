//! What the public sees: check a message, read checks, follow feeds.
