//! Every route of the server, in one place.
