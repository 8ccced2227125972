//! The integration tests: one binary, because linking V8 takes long, with a `main` of its own, because V8's platform has
//! to be initialised on the main thread before any other thread makes an isolate.
//!
//! Started with a variable set, the binary behaves as the `readystate` command (see [`support::command`]).

mod clients;
mod engine;
mod frameworks;
mod js;
mod support;

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = support::command::run_if_asked() {
        return code;
    }
    readystate_js::init_platform();
    let arguments = libtest_mimic::Arguments::from_args();
    let areas = [
        clients::trials(),
        engine::trials(),
        frameworks::trials(),
        frameworks::jquery_suite::trials(),
        frameworks::angular::trials(),
        frameworks::vite::trials(),
        js::trials(),
    ];
    let trials = areas.into_iter().flatten();
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
