//! The `readystate` command. See `readystate --help`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    readystate::cli::main()
}
