//! Subcommands of the one binary.

use std::process::ExitCode;

/// Reads the arguments and runs the named command.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
