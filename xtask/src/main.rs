//! `cargo xtask`: the tasks of this repository, without dependencies, so that it builds in seconds anywhere.
//!
//! Every task first chooses a JavaScript engine ([`engine_choice`]), makes the machine ready for it ([`setup`]),
//! and then calls cargo with the same flags as every other task, so that nothing is built twice.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks on its own stdout and stderr"
)]

mod bench;
mod cargo_command;
mod doc;
mod engine_choice;
mod lint;
mod run;
mod setup;
mod test;
mod wpt;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What goes wrong in a task, as one sentence for the person at the terminal.
type Failure = String;

const USAGE: &str = "\
Tasks of the readystate repository.

Usage: cargo xtask TASK [ARGUMENTS]

  run [ARGUMENTS]      build the release binary and run `readystate run ARGUMENTS`;
                       without arguments: load examples/shop and show its requests, console and document
  test [--engine-only] [FILTER…]
                       unit, tidy and integration tests, examples included; --engine-only: those that run an engine
  lint                 rustfmt and clippy, warnings denied
  doc                  the crates' documentation, warnings denied
  bench [--peers] [NAME…]
                       benches; --peers runs the same pages in jsdom and Chromium
  wpt --root DIR [--https] [--server URL [--cacert FILE]] [--update] [--jobs N] [--json FILE] PATH…
                       web-platform-tests of a checkout, compared with tests/wpt/expectations;
                       --https: the tests whose name says so, compared with tests/wpt/expectations/https
  engine               say which JavaScript engine would be used, and why

Environment:
  READYSTATE_ENGINE    v8 or quickjs, instead of choosing
  RUSTY_V8_ARCHIVE     V8's static library: a path or an address
  RUSTY_V8_MIRROR      where V8's static library is downloaded from
  CARGO_TARGET_DIR     build folder; the engine's name is appended unless it already ends so
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((task, rest)) = arguments.split_first() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    let root = workspace_root();
    let outcome = match task.as_str() {
        "run" => run::run(&root, rest),
        "test" => test::test(&root, rest),
        "lint" => lint::lint(&root),
        "doc" => doc::doc(&root),
        "bench" => bench::bench(&root, rest),
        "wpt" => wpt::wpt(&root, rest),
        "engine" => engine_choice::choose(&root).map(|choice| {
            println!("{}", choice.engine.name());
            ExitCode::SUCCESS
        }),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => {
            eprintln!("xtask: no task is called `{other}`\n\n{USAGE}");
            Ok(ExitCode::from(2))
        }
    };
    outcome.unwrap_or_else(|failure| {
        eprintln!("xtask: {failure}");
        ExitCode::FAILURE
    })
}

/// The repository's root: the parent of this crate's folder. Asked at run time first, for two checkouts may share a
/// build folder.
fn workspace_root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().unwrap_or(Path::new(".")).to_path_buf()
}
