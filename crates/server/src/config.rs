//! Settings: environment first, then one TOML file, then defaults. Unknown keys are refused.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Where and how to run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on; port 0 picks a free one and prints it.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// Demonstration mode: one-click sign-in and replayed posts. Only on a loopback address.
    pub demo: bool,
}
