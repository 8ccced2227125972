//! The `readystate` command.

pub mod args;
mod help;
mod progress;
mod report;
mod run;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Invocation, parse};
use report::Output;

/// Done.
pub const EXIT_DONE: u8 = 0;
/// The page could not be loaded.
pub const EXIT_NOT_LOADED: u8 = 1;
/// The command line is wrong.
pub const EXIT_USAGE: u8 = 2;
/// A limit was hit, the time-out for example.
pub const EXIT_LIMIT: u8 = 3;
/// An uncaught script error under `--strict`, or a script of `--eval` that threw.
pub const EXIT_SCRIPT: u8 = 4;

/// Runs the command with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    main_with(std::env::args_os())
}

/// Runs the command with `arguments`, the program's name first.
#[must_use]
pub fn main_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let code = match parse(arguments) {
        Ok(Invocation::Help) => Output::print(help::OVERVIEW),
        Ok(Invocation::RunHelp) => Output::print(help::RUN),
        Ok(Invocation::Version) => Output::print(&help::version()),
        Ok(Invocation::Run(options)) => run::run(&options),
        Err(error) => {
            Output::complain(&format!("{error}\n{}", help::HINT));
            EXIT_USAGE
        }
    };
    ExitCode::from(code)
}
