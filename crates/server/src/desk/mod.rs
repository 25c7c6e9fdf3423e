//! What newsrooms see: radar, cluster, case.
