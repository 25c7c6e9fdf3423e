//! Errors at the edge: RFC 9457 problem details for machines, a page with a way back for people.
