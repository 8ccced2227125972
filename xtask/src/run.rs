//! `cargo xtask run`: the release binary on a page, the bundled shop by default.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::Failure;
use crate::cargo_command::{Workspace, exit_code, status};

/// Builds the release binary and runs it with `arguments` (the word `run` may be left out), or on the example shop if
/// there are none.
///
/// # Errors
/// If the build fails or the binary cannot be started; its own exit code is passed on.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, Failure> {
    let workspace = Workspace::prepare(root)?;
    let folder = workspace.build_release(&[])?;
    let mut command = Command::new(folder.join("readystate"));
    if arguments.is_empty() {
        eprintln!("xtask: readystate run examples/shop --log-requests");
        command
            .args(["run", "examples/shop", "--log-requests"])
            .current_dir(root);
    } else {
        // `cargo xtask run https://example.com/` means `readystate run https://example.com/`.
        let is_whole = arguments
            .first()
            .is_some_and(|first| matches!(first.as_str(), "run" | "help" | "--help" | "--version"));
        if !is_whole {
            command.arg("run");
        }
        command.args(arguments);
    }
    status(&mut command).map(exit_code)
}
