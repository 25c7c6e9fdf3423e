//! The demonstration network and its replayed posts.
