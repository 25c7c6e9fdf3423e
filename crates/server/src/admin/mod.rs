//! Accounts, keys and feeds.
