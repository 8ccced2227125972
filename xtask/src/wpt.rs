//! `cargo xtask wpt`: builds the release binary and the runner of `tests/wpt/`, and starts the runner.
//!
//! The runner lives in the `tests` package, for it reads JSON and this crate has no dependencies.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::Failure;
use crate::cargo_command::{Workspace, exit_code, status};

/// Runs web-platform-tests; all `arguments` are the runner's.
///
/// # Errors
/// If the build fails or the runner cannot be started; its own exit code is passed on.
pub(crate) fn wpt(root: &Path, arguments: &[String]) -> Result<ExitCode, Failure> {
    let workspace = Workspace::prepare(root)?;
    let folder = workspace.build_release(&["wpt-runner"])?;
    let mut runner = Command::new(folder.join("wpt-runner"));
    runner
        .arg("--binary")
        .arg(folder.join("readystate"))
        .args(["--engine", workspace.engine.name()])
        .arg("--expectations")
        .arg(root.join("tests/wpt/expectations"))
        .arg("--cache")
        .arg(workspace.target_dir.join("wpt"))
        .args(arguments);
    status(&mut runner).map(exit_code)
}
