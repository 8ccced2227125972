//! The integration tests: one binary, because linking V8 takes long, with a `main` of its own, because V8's platform has
//! to be initialised on the main thread before any other thread makes an isolate.

use std::process::ExitCode;

fn main() -> ExitCode {
    readystate_js::init_platform();
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, Vec::new()).exit_code()
}
