//! Picks app or subcommand, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    facespace::cli::run(std::env::args_os())
}
